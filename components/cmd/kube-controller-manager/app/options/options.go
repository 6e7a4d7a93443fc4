// Package options holds the flags of the kube-controller-manager.
package options

import (
	"time"

	"github.com/spf13/pflag"

	"slipway.example/apimachinery/field"
	"slipway.example/components/pkg/daemon"
)

const defaultPort = 10257

// Options are the flags as given.
type Options struct {
	*daemon.ClientOptions
	NodeMonitorGracePeriod time.Duration
}

// NewOptions returns the defaults.
func NewOptions() *Options { return &Options{daemon.NewClientOptions(defaultPort), 40 * time.Second} }

// AddFlags registers the flags.
func (o *Options) AddFlags(fs *pflag.FlagSet) {
	o.ClientOptions.AddFlags(fs)
	fs.DurationVar(&o.NodeMonitorGracePeriod, "node-monitor-grace-period", o.NodeMonitorGracePeriod,
		"How long a node may be silent before its pods are made elsewhere.")
}

// Complete fills in what depends on the machine or on other flags.
func (o *Options) Complete() (CompletedOptions, error) {
	common, err := o.ClientOptions.Complete()
	return CompletedOptions{common, o.NodeMonitorGracePeriod}, err
}

// CompletedOptions are what Run works with.
type CompletedOptions struct {
	daemon.CompletedClientOptions
	NodeMonitorGracePeriod time.Duration
}

// Validate returns all problems of the options.
func (c CompletedOptions) Validate() []error {
	errs := c.CompletedClientOptions.Validate()
	if c.NodeMonitorGracePeriod <= 0 {
		errs = append(errs, field.Invalid(field.NewPath("--node-monitor-grace-period"), c.NodeMonitorGracePeriod, "must be positive"))
	}
	return errs
}
