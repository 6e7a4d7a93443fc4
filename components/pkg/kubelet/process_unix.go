//go:build unix

package kubelet

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// prepare makes the process the leader of its own group, and locks its log. The
// lock belongs to the open file, which the process and its children inherit. It
// lasts as long as one of them lives, even if the kubelet dies.
func prepare(command *exec.Cmd, log *os.File) error {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return syscall.Flock(int(log.Fd()), syscall.LOCK_SH)
}

func terminateGroup(pid int) error { return signalGroup(pid, syscall.SIGTERM) }

func killGroup(pid int) error { return signalGroup(pid, syscall.SIGKILL) }

func signalGroup(pid int, signal syscall.Signal) error {
	if err := syscall.Kill(-pid, signal); !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// endLeftover kills the process of a pid file if its log is still locked,
// because another process may have the number by now.
func endLeftover(pidFile string) (ended bool, err error) {
	text, err := os.ReadFile(pidFile)
	if err != nil {
		return false, err
	}
	log, err := os.Open(strings.TrimSuffix(pidFile, pidSuffix) + logSuffix)
	if err != nil {
		return false, err
	}
	defer log.Close()
	if err := syscall.Flock(int(log.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
		return false, os.Remove(pidFile)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil || pid <= 1 {
		return false, errors.Join(err, os.Remove(pidFile))
	}
	if err := killGroup(pid); err != nil {
		return false, err
	}
	return true, os.Remove(pidFile)
}
