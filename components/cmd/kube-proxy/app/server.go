// Package app makes and runs the kube-proxy.
package app

import (
	"context"

	"github.com/spf13/cobra"

	"slipway.example/component-base/serving"
	"slipway.example/components/cmd/kube-proxy/app/options"
	"slipway.example/components/pkg/daemon"
	"slipway.example/components/pkg/proxy"
)

const long = `The proxy brings connections for a service to one of its ready pods.`

// NewProxyCommand makes the command with its default options.
func NewProxyCommand() *cobra.Command {
	return daemon.NewCommand("kube-proxy", long, options.NewOptions(), Run)
}

// Run serves until ctx is done.
func Run(ctx context.Context, config daemon.CompletedClientOptions) error {
	go proxy.New(config.Client).Run(ctx)
	return daemon.Run(ctx, config.CompletedOptions, serving.NewMux())
}
