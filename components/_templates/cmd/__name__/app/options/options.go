// Package options holds the flags of the __name__.
package options

import (
	"github.com/spf13/pflag"

	"slipway.example/components/pkg/daemon"
)

// defaultPort makes the system choose a free port.
const defaultPort = 0

// Options are the flags as given.
type Options struct {
	Daemon *daemon.Options
}

// NewOptions returns the defaults.
func NewOptions() *Options { return &Options{Daemon: daemon.NewOptions(defaultPort)} }

// AddFlags registers the flags.
func (o *Options) AddFlags(fs *pflag.FlagSet) { o.Daemon.AddFlags(fs) }

// Complete fills in what depends on the machine or on other flags.
func (o *Options) Complete() (CompletedOptions, error) {
	return CompletedOptions{CompletedOptions: o.Daemon.Complete()}, nil
}

// CompletedOptions are what Run works with.
type CompletedOptions struct {
	daemon.CompletedOptions
}

// Validate returns all problems of the options.
func (c CompletedOptions) Validate() []error { return c.CompletedOptions.Validate() }
