package app

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"sigs.k8s.io/yaml"

	"slipway.example/api/core"
	"slipway.example/apimachinery/field"
	"slipway.example/apimachinery/meta"
)

// headers are the columns of a table between name and age, by kind; cells gives their values.
var headers = map[string]string{
	"Pod":        "READY\tSTATUS\tRESTARTS\tNODE",
	"Node":       "STATUS\tPODS\tCPU",
	"ReplicaSet": "DESIRED\tCURRENT\tREADY",
	"Service":    "PORT\tTARGET",
	"Event":      "OBJECT\tREASON\tMESSAGE",
}

func cells(object meta.Object) string {
	switch o := object.(type) {
	case *core.Pod:
		ready, restarts, status := 0, 0, string(o.Status.Phase)
		for _, container := range o.Status.Containers {
			restarts += container.RestartCount
			if container.Ready {
				ready++
			}
		}
		if o.DeletionTimestamp != nil {
			status = "Terminating"
		}
		return fmt.Sprintf("%d/%d\t%s\t%d\t%s", ready, len(o.Spec.Containers), status, restarts, o.Spec.NodeName)
	case *core.Node:
		status := map[bool]string{true: "Ready", false: "NotReady"}[o.Status.Ready]
		if o.Spec.Unschedulable {
			status += ",Unschedulable"
		}
		return fmt.Sprintf("%s\t%d\t%dm", status, o.Status.Capacity.Pods, o.Status.Capacity.MilliCPU)
	case *core.ReplicaSet:
		return fmt.Sprintf("%d\t%d\t%d", o.Spec.Replicas, o.Status.Replicas, o.Status.ReadyReplicas)
	case *core.Service:
		return fmt.Sprintf("%d\t%s", o.Spec.Port, o.Spec.TargetPort)
	case *core.Event:
		return fmt.Sprintf("%s/%s\t%s\t%s", strings.ToLower(o.InvolvedObject.Kind), o.InvolvedObject.Name, o.Reason, o.Message)
	default:
		return ""
	}
}

// printer writes objects of one kind in one form.
type printer struct {
	out    io.Writer
	kind   *core.Kind
	output string
	begun  bool
}

func newPrinter(out io.Writer, kind *core.Kind, output string) (*printer, error) {
	if output != "" && output != "json" && output != "yaml" {
		return nil, field.NotSupported(field.NewPath("--output"), output, []string{"json", "yaml"})
	}
	return &printer{out: out, kind: kind, output: output}, nil
}

// print writes objects as a list, or one after the other.
func (p *printer) print(objects []meta.Object, asList bool) error {
	if p.output == "" {
		return p.printTable(objects)
	}
	documents := []any{}
	for _, object := range objects {
		documents = append(documents, object)
	}
	if asList {
		documents = []any{map[string]any{"kind": p.kind.Name + "List", "apiVersion": core.APIVersion, "items": documents}}
	}
	for _, document := range documents {
		text, err := json.MarshalIndent(document, "", "  ")
		if err == nil && p.output == "yaml" {
			text, err = yaml.JSONToYAML(text)
			text = append([]byte("---\n"), text...)
		}
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(p.out, "%s\n", strings.TrimSpace(string(text))); err != nil {
			return err
		}
	}
	return nil
}

func (p *printer) printTable(objects []meta.Object) error {
	table := tabwriter.NewWriter(p.out, 10, 8, 3, ' ', 0)
	if !p.begun {
		fmt.Fprintf(table, "NAME\t%s\tAGE\n", headers[p.kind.Name])
		p.begun = true
	}
	for _, object := range objects {
		m := object.GetObjectMeta()
		fmt.Fprintf(table, "%s\t%s\t%s\n", m.Name, cells(object), time.Since(m.CreationTimestamp.Time).Round(time.Second))
	}
	return table.Flush()
}
