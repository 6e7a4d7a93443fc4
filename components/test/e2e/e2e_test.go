// Package e2e tests the components together. It is built as e2e.test and runs
// anywhere: in one process, or with -bin-dir on built binaries.
package e2e

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"slipway.example/component-base/version"
	"slipway.example/component-base/version/verflag"
	apiserver "slipway.example/components/cmd/kube-apiserver/app"
	kubectl "slipway.example/components/cmd/kubectl/app"
	"slipway.example/components/pkg/daemon/daemontest"
)

var binDir = flag.String("bin-dir", "", "Test the binaries of this directory instead of the code linked in.")

func TestMain(m *testing.M) {
	var versionFlag verflag.Value
	flag.Var(&versionFlag, "version", "Print the version and quit; -version=raw prints everything the build stamped.")
	flag.Parse()
	if versionFlag.PrintIfRequested(os.Stdout, "e2e.test") {
		return
	}
	os.Exit(m.Run())
}

// TestVersionOfAServer also holds for different builds of client and server:
// kubectl must print the version that the server reports.
func TestVersionOfAServer(t *testing.T) {
	url, stop := startDaemon(t, apiserver.NewAPIServerCommand(), "--data-dir="+t.TempDir())
	if got := daemontest.Get(t, url+"/readyz"); got != "ok" {
		t.Errorf("the server is not ready: %s", got)
	}
	out, err := run(t, kubectl.NewDefaultKubectlCommand(), "version", "--output=json", "--server", url)
	if err != nil {
		t.Fatalf("kubectl fails: %v", err)
	}
	var told struct{ ServerVersion version.Info }
	var own version.Info
	parse(t, out, &told)
	parse(t, daemontest.Get(t, url+"/version"), &own)
	if told.ServerVersion != own || own.GitVersion == "" {
		t.Errorf("kubectl says the server is %+v, the server %+v", told.ServerVersion, own)
	}
	if err := stop(); err != nil {
		t.Errorf("the server stopped with %v", err)
	}
}

func parse(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
}

// startDaemon starts the binary named like the command, or else the command.
func startDaemon(t *testing.T, command *cobra.Command, arguments ...string) (url string, stop func() error) {
	if *binDir == "" {
		return daemontest.Start(t, command, arguments...)
	}
	process := exec.Command(filepath.Join(*binDir, command.Name()), append(arguments, daemontest.ServingArguments...)...)
	log, err := process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Process.Kill() })
	if url, err = daemontest.ReadURL(log); err != nil {
		t.Fatalf("%s did not start: %v", command.Name(), err)
	}
	return url, func() error {
		if err := process.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		defer time.AfterFunc(daemontest.Patience, func() { _ = process.Process.Kill() }).Stop()
		return process.Wait()
	}
}

// run runs the binary named like the command, or else the command, to its end.
func run(t *testing.T, command *cobra.Command, arguments ...string) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if *binDir != "" {
		out, err := exec.CommandContext(ctx, filepath.Join(*binDir, command.Name()), arguments...).Output()
		return string(out), err
	}
	var out strings.Builder
	command.SetOut(&out)
	command.SetArgs(arguments)
	err := command.ExecuteContext(ctx)
	return out.String(), err
}
