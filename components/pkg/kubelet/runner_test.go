//go:build unix

package kubelet

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"slipway.example/api/core"
)

func shellPod(policy core.RestartPolicy, script string) *core.Pod {
	grace := 1
	return &core.Pod{Spec: core.PodSpec{
		Containers:    []core.Container{{Name: "c", Command: []string{"sh", "-c", script}}},
		RestartPolicy: policy, TerminationGracePeriodSeconds: &grace,
	}}
}

// until waits for a status.
func until(t *testing.T, r *runner, holds func(core.PodStatus) bool) core.PodStatus {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		status := r.status()
		if holds(status) {
			return status
		}
		if time.Now().After(deadline) {
			t.Fatalf("the status stays %+v", status)
		}
	}
}

func TestRestartPolicy(t *testing.T) {
	for _, test := range []struct {
		name, script string
		policy       core.RestartPolicy
		phase        core.PodPhase
		restarts     int
		exit         string
	}{
		{"never, good", "true", core.RestartNever, core.PodSucceeded, 0, "exit status 0"},
		{"never, bad", "exit 3", core.RestartNever, core.PodFailed, 0, "exit status 3"},
		{"on failure, bad once", "test -e second || { touch second; exit 1; }", core.RestartOnFailure, core.PodSucceeded, 1, "exit status 0"},
		{"always", "true", core.RestartAlways, core.PodRunning, 2, "exit status 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := startRunner(t.Context(), shellPod(test.policy, test.script), t.TempDir(), func() {})
			defer r.stop()
			until(t, r, func(status core.PodStatus) bool {
				c := status.Containers[0]
				return status.Phase == test.phase && c.RestartCount == test.restarts && c.LastExit == test.exit
			})
		})
	}
}

func TestACommandThatIsNotThere(t *testing.T) {
	pod := shellPod(core.RestartNever, "")
	pod.Spec.Containers[0].Command = []string{"/nonexistent"}
	r := startRunner(t.Context(), pod, t.TempDir(), func() {})
	status := until(t, r, func(status core.PodStatus) bool { return status.Phase == core.PodFailed })
	if exit := status.Containers[0].LastExit; !strings.Contains(exit, "/nonexistent") {
		t.Errorf("got %q", exit)
	}
}

// TestGroup has a container that ignores SIGTERM, with a child.
func TestGroup(t *testing.T) {
	dir := t.TempDir()
	r := startRunner(t.Context(), shellPod(core.RestartAlways, "trap '' TERM; sleep 600 & echo begun; wait; sleep 600"), dir, func() {})
	pid := until(t, r, func(status core.PodStatus) bool {
		log, _ := os.ReadFile(filepath.Join(dir, "c"+logSuffix))
		return string(log) == "begun\n" && status.Containers[0].Running
	}).Containers[0].ProcessID
	r.stop()
	untilGone(t, pid)
}

// untilGone waits for init, which takes a moment to collect the orphans.
func untilGone(t *testing.T, group int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); syscall.Kill(-group, 0) != syscall.ESRCH; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("something of the group is left")
		}
	}
}

func TestLeftover(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "c"+pidSuffix)
	r := startRunner(t.Context(), shellPod(core.RestartNever, "exec sleep 600"), dir, func() {})
	defer r.stop()
	pid := until(t, r, func(status core.PodStatus) bool { return status.Containers[0].Running }).Containers[0].ProcessID
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if ended, err := endLeftover(file); !ended || err != nil {
		t.Fatalf("got %v, %v", ended, err)
	}
	until(t, r, func(status core.PodStatus) bool { return status.Phase == core.PodFailed })
	untilGone(t, pid)
	// Another process may have the number by now: without the lock nothing is
	// killed.
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if ended, err := endLeftover(file); ended || err != nil {
		t.Errorf("got %v, %v", ended, err)
	}
}
