// Package verflag is the --version flag of every command.
package verflag

import (
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/pflag"

	"slipway.example/component-base/version"
)

const (
	usage = "Print the version and quit; --version=raw prints everything the build stamped."
	raw   = "raw"
	line  = "true"
	off   = "false"
)

// Value is what the flag was set to. It is a flag.Value too, for test binaries.
type Value struct{ mode string }

// AddFlags registers --version.
func (v *Value) AddFlags(fs *pflag.FlagSet) {
	fs.VarPF(v, "version", "", usage).NoOptDefVal = line
}

// PrintIfRequested reports whether the flag asked for the version, and then has
// written it to out.
func (v *Value) PrintIfRequested(out io.Writer, name string) bool {
	switch v.String() {
	case raw:
		fmt.Fprintf(out, "%#v\n", version.Get())
	case line:
		fmt.Fprintf(out, "%s %s\n", name, version.Get())
	default:
		return false
	}
	return true
}

func (v *Value) Set(text string) error {
	if text == raw {
		v.mode = raw
		return nil
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		return fmt.Errorf("must be %s, %s or %s", line, off, raw)
	}
	v.mode = strconv.FormatBool(on)
	return nil
}

func (v *Value) String() string {
	if v.mode == "" {
		return off
	}
	return v.mode
}

// Type is the word for the value in a help text.
func (v *Value) Type() string { return "version" }

// IsBoolFlag lets package flag accept -version without a value.
func (v *Value) IsBoolFlag() bool { return true }
