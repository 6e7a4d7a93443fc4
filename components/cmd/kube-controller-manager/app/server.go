// Package app makes and runs the kube-controller-manager.
package app

import (
	"context"

	"github.com/spf13/cobra"

	"slipway.example/component-base/serving"
	"slipway.example/components/cmd/kube-controller-manager/app/options"
	"slipway.example/components/pkg/controller"
	"slipway.example/components/pkg/daemon"
)

const long = `The controller manager runs the loops that bring a cluster to the wished state:
as many pods as each ReplicaSet wants, and none on nodes that are gone.`

// NewControllerManagerCommand makes the command with its default options.
func NewControllerManagerCommand() *cobra.Command {
	return daemon.NewCommand("kube-controller-manager", long, options.NewOptions(), Run)
}

// Run serves until ctx is done.
func Run(ctx context.Context, config options.CompletedOptions) error {
	go controller.New(config.Client, config.NodeMonitorGracePeriod).Run(ctx)
	return daemon.Run(ctx, config.CompletedOptions, serving.NewMux())
}
