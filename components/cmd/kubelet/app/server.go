// Package app makes and runs the kubelet.
package app

import (
	"context"

	"github.com/spf13/cobra"

	"slipway.example/component-base/logs"
	"slipway.example/component-base/serving"
	"slipway.example/components/cmd/kubelet/app/options"
	"slipway.example/components/pkg/daemon"
)

const long = `The kubelet runs the pods of one node.
So far it only answers /healthz, /livez, /readyz and /version.`

// NewKubeletCommand makes the command with its default options.
func NewKubeletCommand() *cobra.Command {
	return daemon.NewCommand("kubelet", long, options.NewOptions(), Run)
}

// Run serves until ctx is done.
func Run(ctx context.Context, config options.CompletedOptions) error {
	logs.FromContext(ctx).Info("Starting", "node", config.NodeName)
	return daemon.Run(ctx, config.CompletedOptions, serving.NewMux())
}
