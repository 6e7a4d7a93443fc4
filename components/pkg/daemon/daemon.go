// Package daemon has the common parts of all daemons: the command, the flags,
// and running until a signal.
package daemon

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"slipway.example/apimachinery/aggregate"
	"slipway.example/component-base/logs"
	"slipway.example/component-base/serving"
	"slipway.example/component-base/signals"
	"slipway.example/component-base/version"
	"slipway.example/component-base/version/verflag"
)

// Options are the flags of every daemon.
type Options struct {
	Serving *serving.Options
	Logs    *logs.Options
}

// NewOptions returns the defaults, with the usual port of the component.
func NewOptions(port int) *Options {
	return &Options{Serving: serving.NewOptions(port), Logs: logs.NewOptions()}
}

// AddFlags registers the flags of every daemon.
func (o *Options) AddFlags(fs *pflag.FlagSet) {
	o.Serving.AddFlags(fs)
	o.Logs.AddFlags(fs)
}

// Complete copies the options, so that they cannot change under a running
// daemon.
func (o *Options) Complete() CompletedOptions {
	return CompletedOptions{&completedOptions{serving: *o.Serving, logs: *o.Logs}}
}

type completedOptions struct {
	serving serving.Options
	logs    logs.Options
}

// CompletedOptions come from Complete only: its pointer is private to this package.
type CompletedOptions struct{ *completedOptions }

// Validate returns all problems of the flags.
func (c CompletedOptions) Validate() []error {
	return append(c.serving.Validate().Errors(), c.logs.Validate().Errors()...)
}

// NewLogger returns the logger that the flags select.
func (c CompletedOptions) NewLogger(out io.Writer) *slog.Logger { return c.logs.New(out) }

// componentOptions are the options of one component, which hold Options.
type componentOptions[C any] interface {
	AddFlags(*pflag.FlagSet)
	Complete() (C, error)
}

// componentConfig is the completed configuration, which holds CompletedOptions.
type componentConfig interface {
	Validate() []error
	NewLogger(io.Writer) *slog.Logger
}

// NewCommand makes the command of the component name. It prints the version if
// asked to; else it completes and validates options and calls run, whose
// context ends at a signal and carries the logger.
func NewCommand[C componentConfig](name, long string, options componentOptions[C], run func(context.Context, C) error) *cobra.Command {
	var versionFlag verflag.Value
	command := &cobra.Command{
		Use:  name,
		Long: long,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if versionFlag.PrintIfRequested(command.OutOrStdout(), name) {
				return nil
			}
			config, err := options.Complete()
			if err != nil {
				return err
			}
			if err := aggregate.New(config.Validate()); err != nil {
				return err
			}
			logger := config.NewLogger(command.ErrOrStderr()).With("component", name)
			ctx, release := context.WithCancel(command.Context())
			defer release()
			return run(logs.NewContext(signals.Context(ctx), logger), config)
		},
	}
	options.AddFlags(command.Flags())
	versionFlag.AddFlags(command.Flags())
	return command
}

// Run serves handler until ctx is done. The component starts its other parts
// before, with the same context.
func Run(ctx context.Context, config CompletedOptions, handler http.Handler) error {
	listener, err := config.Listen()
	if err != nil {
		return err
	}
	return Serve(ctx, config, listener, handler)
}

// Listen is for components that must know their address before they serve.
func (c CompletedOptions) Listen() (net.Listener, error) { return c.serving.Listen() }

// Serve is Run with a listener, which it closes.
func Serve(ctx context.Context, config CompletedOptions, listener net.Listener, handler http.Handler) error {
	logs.FromContext(ctx).Info("Serving", "address", listener.Addr().String(), "version", version.Get().GitVersion)
	return serving.Serve(ctx, listener, handler, config.serving.ShutdownGracePeriod)
}
