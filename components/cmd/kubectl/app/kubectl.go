// Package app makes kubectl and its subcommands.
package app

import (
	"github.com/spf13/cobra"

	"slipway.example/component-base/version/verflag"
)

// NewDefaultKubectlCommand makes the command with all subcommands. cobra adds help and
// completion.
func NewDefaultKubectlCommand() *cobra.Command {
	var versionFlag verflag.Value
	command := &cobra.Command{
		Use:   "kubectl",
		Short: "kubectl controls the cluster.",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if versionFlag.PrintIfRequested(command.OutOrStdout(), command.Name()) {
				return nil
			}
			return command.Help()
		},
	}
	versionFlag.AddFlags(command.Flags())
	command.AddCommand(newGetCommand(), newApplyCommand(), newDeleteCommand(), newLogsCommand(), newVersionCommand())
	return command
}
