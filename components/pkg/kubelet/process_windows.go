package kubelet

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

func prepare(command *exec.Cmd, _ *os.File) error {
	command.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
	return nil
}

// terminateGroup is as hard as killGroup: a process without a console hears no
// polite request.
func terminateGroup(pid int) error { return killGroup(pid) }

func killGroup(pid int) error {
	return exec.Command("taskkill", "/F", "/T", "/PID", strconv.Itoa(pid)).Run()
}

// endLeftover only forgets: a number alone may be another process by now.
func endLeftover(pidFile string) (ended bool, err error) { return false, os.Remove(pidFile) }
