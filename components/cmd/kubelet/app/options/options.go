// Package options holds the flags of the kubelet.
package options

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"slipway.example/apimachinery/field"
	"slipway.example/apimachinery/validation"
	"slipway.example/components/pkg/daemon"
)

const defaultPort = 10248

// Options are the flags as given.
type Options struct {
	Daemon           *daemon.Options
	HostnameOverride string
}

// NewOptions returns the defaults.
func NewOptions() *Options { return &Options{Daemon: daemon.NewOptions(defaultPort)} }

// AddFlags registers the flags.
func (o *Options) AddFlags(fs *pflag.FlagSet) {
	o.Daemon.AddFlags(fs)
	fs.StringVar(&o.HostnameOverride, "hostname-override", o.HostnameOverride,
		"Name of the node, instead of the machine's host name.")
}

// Complete fills in what depends on the machine or on other flags.
func (o *Options) Complete() (CompletedOptions, error) {
	name := o.HostnameOverride
	if name == "" {
		hostname, err := os.Hostname()
		if err != nil {
			return CompletedOptions{}, fmt.Errorf("no name for the node, give --hostname-override: %w", err)
		}
		name = hostname
	}
	return CompletedOptions{
		CompletedOptions: o.Daemon.Complete(),
		NodeName:         strings.ToLower(strings.TrimSpace(name)),
	}, nil
}

// CompletedOptions are what Run works with.
type CompletedOptions struct {
	daemon.CompletedOptions
	NodeName string
}

// Validate returns all that is wrong with the options.
func (c CompletedOptions) Validate() []error {
	var errs field.ErrorList
	for _, fault := range validation.IsDNS1123Subdomain(c.NodeName) {
		errs = append(errs, field.Invalid(field.NewPath("--hostname-override"), c.NodeName, fault))
	}
	return append(c.CompletedOptions.Validate(), errs.Errors()...)
}
