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

// terminateGroup is as hard as killGroup, because a process without a console
// receives no gentler signal.
func terminateGroup(pid int) error { return killGroup(pid) }

func killGroup(pid int) error {
	return exec.Command("taskkill", "/F", "/T", "/PID", strconv.Itoa(pid)).Run()
}

// endLeftover ends nothing, because another process may have the number by now.
func endLeftover(pidFile string) (ended bool, err error) { return false, os.Remove(pidFile) }
