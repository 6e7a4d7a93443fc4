package cli

import (
	"bytes"
	"errors"
	"testing"

	"github.com/spf13/cobra"
)

func TestRun(t *testing.T) {
	for _, test := range []struct {
		name      string
		arguments []string
		result    error
		code      int
		stderr    string
	}{
		{"done", nil, nil, 0, ""},
		{"failed", nil, errors.New("port is taken"), 1, "error: port is taken\n"},
		{"unknown flag", []string{"--prot=1"}, nil, 1, "error: unknown flag: --prot\nSee 'kubelet --help' for usage.\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			command := &cobra.Command{Use: "kubelet", RunE: func(*cobra.Command, []string) error { return test.result }}
			var stdout, stderr bytes.Buffer
			command.SetOut(&stdout)
			command.SetErr(&stderr)
			command.SetArgs(test.arguments)
			if code := Run(command); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if stderr.String() != test.stderr || stdout.Len() > 0 {
				t.Errorf("got stderr %q, stdout %q; want stderr %q", stderr.String(), stdout.String(), test.stderr)
			}
		})
	}
}
