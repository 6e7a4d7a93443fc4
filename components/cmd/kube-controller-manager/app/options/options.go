// Package options holds the flags of the kube-controller-manager.
package options

import (
	"time"

	"github.com/spf13/pflag"

	"slipway.example/apimachinery/field"
	"slipway.example/components/pkg/client"
	"slipway.example/components/pkg/daemon"
)

const defaultPort = 10257

// Options are the flags as given.
type Options struct {
	Daemon                 *daemon.Options
	Client                 *client.Options
	NodeMonitorGracePeriod time.Duration
}

// NewOptions returns the defaults.
func NewOptions() *Options {
	return &Options{Daemon: daemon.NewOptions(defaultPort), Client: client.NewOptions(), NodeMonitorGracePeriod: 40 * time.Second}
}

// AddFlags registers the flags.
func (o *Options) AddFlags(fs *pflag.FlagSet) {
	o.Daemon.AddFlags(fs)
	o.Client.AddFlags(fs)
	fs.DurationVar(&o.NodeMonitorGracePeriod, "node-monitor-grace-period", o.NodeMonitorGracePeriod,
		"How long a node may be silent before its pods are made elsewhere.")
}

// Complete fills in what depends on the machine or on other flags.
func (o *Options) Complete() (CompletedOptions, error) {
	server, err := o.Client.Complete()
	return CompletedOptions{o.Daemon.Complete(), server, o.NodeMonitorGracePeriod}, err
}

// CompletedOptions are what Run works with.
type CompletedOptions struct {
	daemon.CompletedOptions
	Client                 *client.Client
	NodeMonitorGracePeriod time.Duration
}

// Validate returns all that is wrong with the options.
func (c CompletedOptions) Validate() []error {
	errs := c.CompletedOptions.Validate()
	if c.NodeMonitorGracePeriod <= 0 {
		errs = append(errs, field.Invalid(field.NewPath("--node-monitor-grace-period"), c.NodeMonitorGracePeriod, "must be positive"))
	}
	return errs
}
