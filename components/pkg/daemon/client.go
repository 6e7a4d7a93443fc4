package daemon

import (
	"github.com/spf13/pflag"

	"slipway.example/client-go/client"
)

// ClientOptions are the flags of a daemon that works with the API server.
type ClientOptions struct {
	*Options
	Client *client.Options
}

// NewClientOptions returns the defaults, with the usual port of the component.
func NewClientOptions(port int) *ClientOptions {
	return &ClientOptions{NewOptions(port), client.NewOptions()}
}

// AddFlags registers the flags.
func (o *ClientOptions) AddFlags(fs *pflag.FlagSet) {
	o.Options.AddFlags(fs)
	o.Client.AddFlags(fs)
}

// Complete makes the client.
func (o *ClientOptions) Complete() (CompletedClientOptions, error) {
	server, err := o.Client.Complete()
	return CompletedClientOptions{o.Options.Complete(), server}, err
}

// CompletedClientOptions are what Run works with.
type CompletedClientOptions struct {
	CompletedOptions
	Client *client.Client
}
