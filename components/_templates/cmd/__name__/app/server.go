// Package app makes and runs the __name__.
package app

import (
	"context"

	"github.com/spf13/cobra"

	"slipway.example/component-base/serving"
	"slipway.example/components/cmd/__name__/app/options"
	"slipway.example/components/pkg/daemon"
)

const long = `The __name__ answers /healthz, /livez, /readyz and /version.`

// New__Name__Command makes the command with its default options.
func New__Name__Command() *cobra.Command {
	return daemon.NewCommand("__name__", long, options.NewOptions(), Run)
}

// Run serves until ctx is done.
func Run(ctx context.Context, config options.CompletedOptions) error {
	return daemon.Run(ctx, config.CompletedOptions, serving.NewMux())
}
