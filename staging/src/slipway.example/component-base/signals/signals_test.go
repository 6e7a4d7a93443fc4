//go:build unix

package signals

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestContext(t *testing.T) {
	for _, test := range []struct {
		name   string
		signal syscall.Signal
	}{
		{"interrupt", syscall.SIGINT},
		{"termination", syscall.SIGTERM},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx := Context(t.Context())
			if ctx.Err() != nil {
				t.Fatal("done before any signal")
			}
			if err := syscall.Kill(os.Getpid(), test.signal); err != nil {
				t.Fatal(err)
			}
			select {
			case <-ctx.Done():
			case <-time.After(10 * time.Second):
				t.Fatal("not done after the signal")
			}
			if cause := context.Cause(ctx); errors.Is(cause, context.DeadlineExceeded) || cause.Error() == "" {
				t.Errorf("cause is %v", cause)
			}
		})
	}
}

func TestParentEndsIt(t *testing.T) {
	parent, cancel := context.WithCancel(t.Context())
	ctx := Context(parent)
	cancel()
	<-ctx.Done()
}

const childVariable = "SIGNALS_TEST_CHILD"

// The child ignores the end of its context, as a hanging shutdown would.
func TestSecondSignalKills(t *testing.T) {
	if os.Getenv(childVariable) != "" {
		ctx := Context(context.Background())
		os.Stdout.WriteString("r")
		<-ctx.Done()
		os.Stdout.WriteString("d")
		time.Sleep(time.Minute)
		return
	}
	child := exec.Command(os.Args[0], "-test.run=^TestSecondSignalKills$")
	child.Env = append(os.Environ(), childVariable+"=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for _, want := range "rd" {
		var got [1]byte
		if _, err := out.Read(got[:]); err != nil || rune(got[0]) != want {
			t.Fatalf("child says %q, %v; want %q", got, err, want)
		}
		if err := child.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	// The default effect comes back a moment after the context has ended.
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	for started := time.Now(); time.Since(started) < 30*time.Second; {
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM {
				t.Errorf("child ended with %v, want death by SIGTERM", err)
			}
			return
		case <-time.After(10 * time.Millisecond):
			_ = child.Process.Signal(syscall.SIGTERM)
		}
	}
	_ = child.Process.Kill()
	t.Error("the child lives on after many signals")
}
