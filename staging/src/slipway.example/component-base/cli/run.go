// Package cli runs a command from main to exit code.
package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"slipway.example/component-base/logs"
)

// Run executes command and returns the exit code for os.Exit: 0, or 1 with the
// error on standard error. Where Kubernetes' older mains seeded math/rand first,
// nothing is left to do: since Go 1.20 the runtime seeds it.
func Run(command *cobra.Command) int {
	logs.Init(os.Stderr)
	command.SilenceErrors = true
	command.SilenceUsage = true
	command.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w\nSee '%s --help' for usage.", err, c.CommandPath())
	})
	if err := command.Execute(); err != nil {
		fmt.Fprintln(command.ErrOrStderr(), "error:", err)
		return 1
	}
	return 0
}
