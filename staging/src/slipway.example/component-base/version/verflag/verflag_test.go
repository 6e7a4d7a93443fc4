package verflag

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"testing"

	"github.com/spf13/pflag"

	"slipway.example/component-base/version"
)

var (
	lineOutput = fmt.Sprintf("kubelet %s\n", version.Get().GitVersion)
	rawOutput  = fmt.Sprintf("%#v\n", version.Get())
)

var cases = []struct {
	name, argument, want string
	wantErr              bool
}{
	{name: "not given", want: ""},
	{name: "bare", argument: "--version", want: lineOutput},
	{name: "true", argument: "--version=true", want: lineOutput},
	{name: "one", argument: "--version=1", want: lineOutput},
	{name: "false", argument: "--version=false", want: ""},
	{name: "raw", argument: "--version=raw", want: rawOutput},
	{name: "unknown", argument: "--version=v1.2.3", wantErr: true},
	{name: "empty", argument: "--version=", wantErr: true},
}

func TestWithPflag(t *testing.T) {
	run(t, func(value *Value, arguments []string) error {
		fs := pflag.NewFlagSet("kubelet", pflag.ContinueOnError)
		value.AddFlags(fs)
		return fs.Parse(arguments)
	})
}

func TestWithFlag(t *testing.T) {
	run(t, func(value *Value, arguments []string) error {
		fs := flag.NewFlagSet("kubelet", flag.ContinueOnError)
		fs.SetOutput(io.Discard)
		fs.Var(value, "version", usage)
		return fs.Parse(arguments)
	})
}

func run(t *testing.T, parse func(*Value, []string) error) {
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			var arguments []string
			if test.argument != "" {
				arguments = []string{test.argument}
			}
			value := &Value{}
			if err := parse(value, arguments); (err != nil) != test.wantErr {
				t.Fatalf("got error %v, want one: %v", err, test.wantErr)
			}
			var out bytes.Buffer
			if printed := value.PrintIfRequested(&out, "kubelet"); printed != (test.want != "") {
				t.Errorf("printed is %v", printed)
			}
			if out.String() != test.want {
				t.Errorf("got %q, want %q", out.String(), test.want)
			}
		})
	}
}
