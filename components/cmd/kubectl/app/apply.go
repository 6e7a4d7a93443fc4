package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
	"slipway.example/client-go/client"
	"slipway.example/components/cmd/kubectl/app/options"
)

// lastApplied holds the previously applied object: apply removes a field that
// was left out since, and keeps a field that others set.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// document is an object of a file, with only the fields in the file.
type document struct {
	content         map[string]any
	kind            *core.Kind
	namespace, name string
}

func (d document) String() string { return strings.ToLower(d.kind.Name) + "/" + d.name }

func newApplyCommand() *cobra.Command {
	cluster, file := options.NewCluster(), ""
	command := &cobra.Command{
		Use:     "apply -f FILE",
		Short:   "Make the objects of a file, or change them to what it says.",
		Example: "  kubectl apply -f web.yaml",
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			server, err := cluster.Complete()
			if err != nil {
				return err
			}
			documents, err := readFile(command.InOrStdin(), file, cluster.Namespace)
			if err != nil {
				return err
			}
			for _, document := range documents {
				verb, err := apply(command.Context(), server, document)
				if err != nil {
					return fmt.Errorf("%s: %w", document, err)
				}
				fmt.Fprintln(command.OutOrStdout(), document, verb)
			}
			return nil
		},
	}
	cluster.AddFlags(command.Flags())
	command.Flags().StringVarP(&file, "filename", "f", "", "YAML or JSON, several objects with --- between them; - is standard input.")
	_ = command.MarkFlagRequired("filename")
	return command
}

// readFile reads all objects of a file, or none.
func readFile(stdin io.Reader, file, namespace string) (documents []document, err error) {
	var text []byte
	if file == "-" {
		text, err = io.ReadAll(stdin)
	} else {
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, err
	}
	for i, part := range strings.Split("\n"+string(text), "\n---") {
		d := document{namespace: namespace}
		if err := yaml.Unmarshal([]byte(part), &d.content); err != nil {
			return nil, fmt.Errorf("%s, document %d: %w", file, i, err)
		}
		if d.content == nil {
			continue
		}
		word, _ := d.content["kind"].(string)
		if d.kind = core.FindKind(word); d.kind == nil {
			return nil, fmt.Errorf("%s, document %d: kind %q is not known", file, i, word)
		}
		m, _ := d.content["metadata"].(map[string]any)
		if d.name, _ = m["name"].(string); d.name == "" {
			return nil, fmt.Errorf("%s, document %d: metadata.name is missing", file, i)
		}
		if given, ok := m["namespace"].(string); ok {
			d.namespace = given
		}
		documents = append(documents, d)
	}
	if len(documents) == 0 {
		return nil, fmt.Errorf("%s holds no object", file)
	}
	return documents, nil
}

// apply returns the word that kubectl prints for its effect.
func apply(ctx context.Context, server *client.Client, d document) (string, error) {
	text, err := json.Marshal(d.content)
	if err != nil {
		return "", err
	}
	path := client.Path(d.kind, d.namespace, d.name)
	for {
		var live map[string]any
		err := server.Do(ctx, http.MethodGet, path, nil, nil, &live)
		if meta.ReasonOf(err) == meta.ReasonNotFound {
			err = server.Do(ctx, http.MethodPost, client.Path(d.kind, d.namespace), nil, annotate(d.content, text), nil)
			if meta.ReasonOf(err) == meta.ReasonAlreadyExists {
				continue
			}
			return "created", err
		}
		if err != nil {
			return "", err
		}
		var before map[string]any
		if stored, ok := annotationsOf(live)[lastApplied].(string); ok {
			if err := json.Unmarshal([]byte(stored), &before); err != nil {
				return "", fmt.Errorf("annotation %s: %w", lastApplied, err)
			}
		}
		changed := annotate(merge(before, d.content, live).(map[string]any), text)
		if reflect.DeepEqual(changed, live) {
			return "unchanged", nil
		}
		if err := server.Do(ctx, http.MethodPut, path, nil, changed, nil); meta.ReasonOf(err) != meta.ReasonConflict {
			return "configured", err
		}
	}
}

// merge is the three-way merge: it removes fields that are no longer wanted,
// sets wanted ones, and keeps the rest of live. It replaces lists as a whole.
func merge(before, wanted, live any) any {
	wantedMap, ok := wanted.(map[string]any)
	liveMap, isMap := live.(map[string]any)
	if !ok || !isMap {
		return wanted
	}
	beforeMap, _ := before.(map[string]any)
	result := maps.Clone(liveMap)
	for key := range beforeMap {
		if _, kept := wantedMap[key]; !kept {
			delete(result, key)
		}
	}
	for key, value := range wantedMap {
		result[key] = merge(beforeMap[key], value, liveMap[key])
	}
	return result
}

func annotationsOf(object map[string]any) map[string]any {
	m, _ := object["metadata"].(map[string]any)
	annotations, _ := m["annotations"].(map[string]any)
	return annotations
}

// annotate returns a copy with the applied text as an annotation.
func annotate(object map[string]any, text []byte) map[string]any {
	note := map[string]any{"metadata": map[string]any{"annotations": map[string]any{lastApplied: string(text)}}}
	return merge(nil, note, object).(map[string]any)
}

func newDeleteCommand() *cobra.Command {
	cluster, file, force := options.NewCluster(), "", false
	command := &cobra.Command{
		Use:     "delete KIND NAME | delete -f FILE",
		Short:   "Delete objects. A pod on a node is gone when its kubelet has ended it.",
		Example: "  kubectl delete rs web",
		Args:    cobra.MaximumNArgs(2),
		RunE: func(command *cobra.Command, arguments []string) error {
			server, err := cluster.Complete()
			if err != nil {
				return err
			}
			var documents []document
			switch {
			case file != "" && len(arguments) == 0:
				documents, err = readFile(command.InOrStdin(), file, cluster.Namespace)
			case file == "" && len(arguments) == 2:
				d := document{namespace: cluster.Namespace, name: arguments[1]}
				d.kind, err = kindOf(arguments[0])
				documents = append(documents, d)
			default:
				err = errors.New("say either KIND NAME or -f FILE")
			}
			if err != nil {
				return err
			}
			query := url.Values{}
			if force {
				query.Set("gracePeriodSeconds", "0")
			}
			for _, d := range documents {
				if err := server.Do(command.Context(), http.MethodDelete, client.Path(d.kind, d.namespace, d.name), query, nil, nil); err != nil {
					return err
				}
				fmt.Fprintln(command.OutOrStdout(), d, "deleted")
			}
			return nil
		},
	}
	cluster.AddFlags(command.Flags())
	command.Flags().StringVarP(&file, "filename", "f", "", "Delete the objects of this file; - is standard input.")
	command.Flags().BoolVar(&force, "force", false, "Forget a pod at once, whether or not its kubelet answers.")
	return command
}
