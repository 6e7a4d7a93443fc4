// Package app makes and runs the kube-apiserver.
package app

import (
	"context"

	"github.com/spf13/cobra"

	"slipway.example/component-base/serving"
	"slipway.example/components/cmd/kube-apiserver/app/options"
	"slipway.example/components/pkg/daemon"
)

const long = `The API server is where the components of a cluster meet.
So far it only answers /healthz, /livez, /readyz and /version.`

// NewAPIServerCommand makes the command with its default options.
func NewAPIServerCommand() *cobra.Command {
	return daemon.NewCommand("kube-apiserver", long, options.NewOptions(), Run)
}

// Run serves until ctx is done.
func Run(ctx context.Context, config options.CompletedOptions) error {
	return daemon.Run(ctx, config.CompletedOptions, serving.NewMux())
}
