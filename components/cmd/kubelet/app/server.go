// Package app makes and runs the kubelet.
package app

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"slipway.example/component-base/logs"
	"slipway.example/component-base/serving"
	"slipway.example/components/cmd/kubelet/app/options"
	"slipway.example/components/pkg/daemon"
	"slipway.example/components/pkg/kubelet"
)

const long = `The kubelet runs the pods of one node as processes of this machine.`

// NewKubeletCommand makes the command with its default options.
func NewKubeletCommand() *cobra.Command {
	return daemon.NewCommand("kubelet", long, options.NewOptions(), Run)
}

// Run runs pods until ctx is done, and returns when they have ended.
func Run(ctx context.Context, config options.CompletedOptions) error {
	listener, err := config.Listen()
	if err != nil {
		return err
	}
	node := config.Kubelet
	node.Address = listener.Addr().String()
	if err := os.MkdirAll(node.RootDir, 0o700); err != nil {
		return errors.Join(err, listener.Close())
	}
	k, mux := kubelet.New(node), serving.NewMux()
	k.InstallLogs(ctx, mux)
	logs.FromContext(ctx).Info("Starting", "node", node.NodeName)
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		k.Run(ctx)
		close(ended)
	}()
	err = daemon.Serve(ctx, config.CompletedOptions, listener, mux)
	cancel()
	<-ended
	return err
}
