// Package app makes and runs the kube-apiserver.
package app

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"slipway.example/component-base/serving"
	"slipway.example/components/cmd/kube-apiserver/app/options"
	"slipway.example/components/pkg/apiserver"
	"slipway.example/components/pkg/daemon"
)

const long = `The API server keeps the objects of a cluster and tells everybody what changes.`

// NewAPIServerCommand makes the command with its default options.
func NewAPIServerCommand() *cobra.Command {
	return daemon.NewCommand("kube-apiserver", long, options.NewOptions(), Run)
}

// Run serves until ctx is done.
func Run(ctx context.Context, config options.CompletedOptions) error {
	if err := os.MkdirAll(config.DataDir, 0o700); err != nil {
		return err
	}
	store, err := apiserver.OpenStore(filepath.Join(config.DataDir, "objects.db"), config.WatchHistory)
	if err != nil {
		return err
	}
	defer store.Close()
	mux := serving.NewMux()
	apiserver.Install(ctx, mux, store)
	return daemon.Run(ctx, config.CompletedOptions, mux)
}
