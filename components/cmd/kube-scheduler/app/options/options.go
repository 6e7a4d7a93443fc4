// Package options holds the flags of the kube-scheduler.
package options

import (
	"github.com/spf13/pflag"

	"slipway.example/components/pkg/client"
	"slipway.example/components/pkg/daemon"
)

const defaultPort = 10259

// Options are the flags as given.
type Options struct {
	Daemon *daemon.Options
	Client *client.Options
}

// NewOptions returns the defaults.
func NewOptions() *Options {
	return &Options{Daemon: daemon.NewOptions(defaultPort), Client: client.NewOptions()}
}

// AddFlags registers the flags.
func (o *Options) AddFlags(fs *pflag.FlagSet) {
	o.Daemon.AddFlags(fs)
	o.Client.AddFlags(fs)
}

// Complete fills in what depends on the machine or on other flags.
func (o *Options) Complete() (CompletedOptions, error) {
	server, err := o.Client.Complete()
	return CompletedOptions{o.Daemon.Complete(), server}, err
}

// CompletedOptions are what Run works with.
type CompletedOptions struct {
	daemon.CompletedOptions
	Client *client.Client
}

// Validate returns all that is wrong with the options.
func (c CompletedOptions) Validate() []error { return c.CompletedOptions.Validate() }
