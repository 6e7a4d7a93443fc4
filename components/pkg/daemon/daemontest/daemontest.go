// Package daemontest tests the contract of all daemons, and starts a daemon in
// a test.
package daemontest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"slipway.example/component-base/version"
)

// ServingArguments make a daemon take a free port and log it in the form that
// ReadURL reads.
var ServingArguments = []string{"--port=0", "--logging-format=json"}

// Patience is the limit for anything that must happen, also on a busy machine.
const Patience = 30 * time.Second

// NoServer is an API server that never answers: a daemon waits for it, and stops.
const NoServer = "--server=127.0.0.1:1"

// Test runs the contract against the command of newCommand, with its required
// arguments.
func Test(t *testing.T, newCommand func() *cobra.Command, arguments ...string) {
	t.Run("serves until stopped", func(t *testing.T) { testServing(t, newCommand(), arguments) })
	t.Run("prints its version", func(t *testing.T) { testVersion(t, newCommand) })
	t.Run("refuses", func(t *testing.T) { testRefusals(t, newCommand, arguments) })
}

func testServing(t *testing.T, command *cobra.Command, arguments []string) {
	url, stop := Start(t, command, arguments...)
	for _, path := range []string{"/healthz", "/livez", "/readyz"} {
		if got := Get(t, url+path); got != "ok" {
			t.Errorf("%s: got %q, want ok", path, got)
		}
	}
	var info version.Info
	if err := json.Unmarshal([]byte(Get(t, url+"/version")), &info); err != nil || info != version.Get() {
		t.Errorf("/version: got %+v, %v; want %+v", info, err, version.Get())
	}
	if err := stop(); err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func testVersion(t *testing.T, newCommand func() *cobra.Command) {
	name := newCommand().Name()
	for flag, want := range map[string]string{
		"--version":     fmt.Sprintf("%s %s\n", name, version.Get()),
		"--version=raw": fmt.Sprintf("%#v\n", version.Get()),
	} {
		// The port is out of range, but --version has priority.
		if got, err := run(newCommand(), flag, "--port=-1"); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", flag, got, err, want)
		}
	}
}

func testRefusals(t *testing.T, newCommand func() *cobra.Command, arguments []string) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, takenPort, _ := net.SplitHostPort(taken.Addr().String())
	for _, test := range []struct {
		name, arguments string
		want            []string
	}{
		{"an argument", "now", []string{"now"}},
		{"an unknown flag", "--prot=1", []string{"--prot"}},
		{"a public address", "--bind-address=0.0.0.0", []string{"--bind-address", "loopback"}},
		{"two faults at once", "--port=-1 --logging-format=xml", []string{"--port", "--logging-format"}},
		{"a taken port", "--port=" + takenPort, []string{taken.Addr().String()}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := run(newCommand(), append(strings.Fields(test.arguments), arguments...)...)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not name %q", err, want)
				}
			}
		})
	}
}

// run executes a command that ends by itself.
func run(command *cobra.Command, arguments ...string) (string, error) {
	command.SetArgs(arguments)
	command.SilenceErrors, command.SilenceUsage = true, true
	var stdout bytes.Buffer
	command.SetOut(&stdout)
	command.SetErr(io.Discard)
	err := command.ExecuteContext(context.Background())
	return stdout.String(), err
}

// Start runs a daemon in this process until stop, which returns its result, or
// the end of the test.
func Start(t *testing.T, command *cobra.Command, arguments ...string) (url string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	log, logWriter := io.Pipe()
	command.SetArgs(append(ServingArguments, arguments...))
	command.SilenceErrors, command.SilenceUsage = true, true
	command.SetErr(logWriter)
	ended := make(chan error, 1)
	go func() {
		err := command.ExecuteContext(ctx)
		logWriter.CloseWithError(err)
		ended <- err
	}()
	stop = func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(Patience):
			return fmt.Errorf("it has not stopped within %s", Patience)
		}
	}
	url, err := ReadURL(log)
	if err != nil {
		cancel()
		t.Fatalf("%s did not start: %v", command.Name(), err)
	}
	t.Cleanup(cancel)
	return url, stop
}

// ReadURL reads the log of a daemon started with ServingArguments up to the
// line with its address, within Patience. It reads and drops the rest, so that
// the daemon never blocks.
func ReadURL(log io.Reader) (string, error) {
	read := make(chan struct{})
	var found string
	var failure error
	go func() {
		found, failure = readURL(log)
		close(read)
		_, _ = io.Copy(io.Discard, log)
	}()
	select {
	case <-read:
		return found, failure
	case <-time.After(Patience):
		return "", fmt.Errorf("its log has not said within %s where it serves", Patience)
	}
}

func readURL(log io.Reader) (string, error) {
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "Serving" {
			return "http://" + line.Address, nil
		}
	}
	if err := lines.Err(); err != nil {
		return "", err
	}
	return "", errors.New("its log ended before it served")
}

// Get returns the body of a good answer; any other fails the test.
func Get(t *testing.T, url string) string {
	t.Helper()
	answer, err := (&http.Client{Timeout: Patience}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v: %s", url, answer.Status, err, body)
	}
	return string(body)
}
