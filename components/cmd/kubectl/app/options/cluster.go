package options

import (
	"github.com/spf13/pflag"

	"slipway.example/api/core"
	"slipway.example/apimachinery/aggregate"
	"slipway.example/apimachinery/field"
	"slipway.example/apimachinery/validation"
	"slipway.example/client-go/client"
)

// Cluster are the flags of all subcommands that work with objects.
type Cluster struct {
	Client    *client.Options
	Namespace string
}

// NewCluster returns the defaults.
func NewCluster() *Cluster {
	return &Cluster{Client: client.NewOptions(), Namespace: core.DefaultNamespace}
}

// AddFlags registers the flags.
func (o *Cluster) AddFlags(fs *pflag.FlagSet) {
	o.Client.AddFlags(fs)
	fs.StringVarP(&o.Namespace, "namespace", "n", o.Namespace, "Namespace of the objects that do not name one.")
}

// Complete makes the client and checks the namespace.
func (o *Cluster) Complete() (*client.Client, error) {
	var errs field.ErrorList
	for _, fault := range validation.IsDNS1123Subdomain(o.Namespace) {
		errs = append(errs, field.Invalid(field.NewPath("--namespace"), o.Namespace, fault))
	}
	server, err := o.Client.Complete()
	return server, aggregate.New(append(errs.Errors(), err))
}
