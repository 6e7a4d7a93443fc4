package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"slipway.example/api/core"
	"slipway.example/apimachinery/field"
	"slipway.example/apimachinery/meta"
	"slipway.example/client-go/client"
	"slipway.example/components/cmd/kubectl/app/options"
)

// getOptions are the flags of kubectl get.
type getOptions struct {
	*options.Cluster
	watch, allNamespaces bool
	output               string
}

func newGetCommand() *cobra.Command {
	o := &getOptions{Cluster: options.NewCluster()}
	command := &cobra.Command{
		Use:     "get KIND [NAME]",
		Short:   "Show pods, nodes, replicasets, services or events.",
		Example: "  kubectl get pods --watch\n  kubectl get node node-1 -o yaml",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(command *cobra.Command, arguments []string) error {
			return o.run(command.Context(), command.OutOrStdout(), arguments)
		},
	}
	o.AddFlags(command.Flags())
	command.Flags().BoolVarP(&o.watch, "watch", "w", false, "Go on with what changes, until Ctrl-C.")
	command.Flags().BoolVarP(&o.allNamespaces, "all-namespaces", "A", false, "Show the objects of all namespaces.")
	command.Flags().StringVarP(&o.output, "output", "o", "", "json or yaml, or nothing for a table.")
	return command
}

func (o *getOptions) run(ctx context.Context, out io.Writer, arguments []string) error {
	server, err := o.Complete()
	if err != nil {
		return err
	}
	kind, err := kindOf(arguments[0])
	if err != nil {
		return err
	}
	p, err := newPrinter(out, kind, o.output)
	if err != nil {
		return err
	}
	collection := client.Path(kind, o.Namespace)
	if o.allNamespaces {
		collection = client.Path(kind, "")
	}
	isAsked := func(meta.Object) bool { return true }
	var list struct {
		Metadata meta.ListMeta
		Items    []json.RawMessage
	}
	if len(arguments) == 2 {
		name := arguments[1]
		isAsked = func(object meta.Object) bool { return object.GetObjectMeta().Name == name }
		// For the error of the server if there is none.
		if err := server.Do(ctx, http.MethodGet, client.Path(kind, o.Namespace, name), nil, nil, nil); err != nil {
			return err
		}
	}
	if err := server.Do(ctx, http.MethodGet, collection, nil, nil, &list); err != nil {
		return err
	}
	var objects []meta.Object
	for _, text := range list.Items {
		object := kind.New()
		if err := json.Unmarshal(text, object); err != nil {
			return err
		}
		if isAsked(object) {
			objects = append(objects, object)
		}
	}
	if err := p.print(objects, len(arguments) == 1 && !o.watch); err != nil || !o.watch {
		return err
	}
	return server.Watch(ctx, collection, list.Metadata.ResourceVersion, func(event meta.WatchEvent) error {
		object := kind.New()
		if err := json.Unmarshal(event.Object, object); err != nil || !isAsked(object) {
			return err
		}
		return p.print([]meta.Object{object}, false)
	})
}

func kindOf(word string) (*core.Kind, error) {
	if kind := core.FindKind(word); kind != nil {
		return kind, nil
	}
	var words []string
	for _, kind := range core.Kinds {
		words = append(words, kind.Plural)
	}
	return nil, field.NotSupported(field.NewPath("KIND"), word, words)
}
