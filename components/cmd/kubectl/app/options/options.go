// Package options holds the flags of kubectl version.
package options

import (
	"github.com/spf13/pflag"

	"slipway.example/apimachinery/field"
	"slipway.example/client-go/client"
)

// The values of --output.
const (
	OutputText = ""
	OutputJSON = "json"
)

// Options are the flags as given.
type Options struct {
	Server string
	Client bool
	Output string
}

// NewOptions returns the defaults: the client only, as text.
func NewOptions() *Options { return &Options{} }

// AddFlags registers the flags.
func (o *Options) AddFlags(fs *pflag.FlagSet) {
	fs.StringVarP(&o.Server, "server", "s", o.Server, "Address of the API server, as in 127.0.0.1:8080; it is asked for its version.")
	fs.BoolVar(&o.Client, "client", o.Client, "Ask no server.")
	fs.StringVarP(&o.Output, "output", "o", o.Output, "json, or nothing for text.")
}

// Complete gives the server's address its scheme.
func (o *Options) Complete() (CompletedOptions, error) {
	config := CompletedOptions{Output: o.Output}
	if o.Server == "" || o.Client {
		return config, nil
	}
	var err error
	config.Server, err = (&client.Options{Server: o.Server}).Complete()
	return config, err
}

// CompletedOptions are what Run works with.
type CompletedOptions struct {
	// Server is nil if no server is asked.
	Server *client.Client
	Output string
}

// Validate returns all problems of the options.
func (c CompletedOptions) Validate() []error {
	var errs field.ErrorList
	if c.Output != OutputText && c.Output != OutputJSON {
		errs = append(errs, field.NotSupported(field.NewPath("--output"), c.Output, []string{OutputJSON}))
	}
	return errs.Errors()
}
