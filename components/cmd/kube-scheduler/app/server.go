// Package app makes and runs the kube-scheduler.
package app

import (
	"context"

	"github.com/spf13/cobra"

	"slipway.example/component-base/serving"
	"slipway.example/components/cmd/kube-scheduler/app/options"
	"slipway.example/components/pkg/daemon"
	"slipway.example/components/pkg/scheduler"
)

const long = `The scheduler finds a node for each new pod.`

// NewSchedulerCommand makes the command with its default options.
func NewSchedulerCommand() *cobra.Command {
	return daemon.NewCommand("kube-scheduler", long, options.NewOptions(), Run)
}

// Run serves until ctx is done.
func Run(ctx context.Context, config daemon.CompletedClientOptions) error {
	go scheduler.New(config.Client).Run(ctx)
	return daemon.Run(ctx, config.CompletedOptions, serving.NewMux())
}
