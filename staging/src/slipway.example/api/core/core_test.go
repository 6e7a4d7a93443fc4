package core

import (
	"encoding/json"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	"slipway.example/apimachinery/aggregate"
)

func TestEveryKindIsFound(t *testing.T) {
	for _, kind := range Kinds {
		for _, word := range []string{kind.Name, strings.ToLower(kind.Name), kind.Plural, kind.Short} {
			if FindKind(word) != kind {
				t.Errorf("%s does not lead to %s", word, kind.Name)
			}
		}
	}
	if KindOf[*ReplicaSet]() != FindKind("rs") || FindKind("job") != nil {
		t.Error("a kind is mistaken for another")
	}
}

func TestValidate(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := RegisterDefaults(scheme); err != nil {
		t.Fatal(err)
	}
	const containers = `"containers":[{"name":"c","command":["true"]}]`
	for _, test := range []struct{ name, kind, text, want string }{
		{"pod", "Pod", `{"metadata":{"name":"a","namespace":"b"},"spec":{` + containers + `}}`, ""},
		{"names", "Pod", `{"metadata":{"name":"A","namespace":"B"},"spec":{` + containers + `}}`, "metadata.name metadata.namespace"},
		{"no containers", "Pod", `{"metadata":{"name":"a"},"spec":{}}`, "spec.containers"},
		{"container", "Pod", `{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","ports":[{"name":"_"}],"milliCPU":-1}]}}`,
			"spec.containers[0].command spec.containers[0].ports[0].name spec.containers[0].milliCPU"},
		{"one name twice", "Pod", `{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","command":["a"]},{"name":"c","command":["b"]}]}}`,
			"spec.containers[1].name"},
		{"policies", "Pod", `{"metadata":{"name":"a"},"spec":{` + containers + `,"restartPolicy":"Often","terminationGracePeriodSeconds":-1}}`,
			"spec.restartPolicy spec.terminationGracePeriodSeconds"},
		{"replica set", "ReplicaSet", `{"metadata":{"name":"a"},"spec":{"replicas":1,"selector":{"a":"b"},"template":{"metadata":{"labels":{"a":"b"}},"spec":{` + containers + `}}}}`, ""},
		{"replica set, all wrong", "ReplicaSet", `{"metadata":{"name":"a"},"spec":{"replicas":-1,"template":{"spec":{"restartPolicy":"Never"}}}}`,
			"spec.replicas spec.selector spec.template.spec.containers spec.template.spec.restartPolicy"},
		{"service", "Service", `{"metadata":{"name":"a"},"spec":{"selector":{"a":"b"},"port":1,"targetPort":"x"}}`, ""},
		{"service, port", "Service", `{"metadata":{"name":"a"},"spec":{"selector":{"a":"b"},"port":70000,"targetPort":"x"}}`, "spec.port"},
	} {
		t.Run(test.name, func(t *testing.T) {
			object := FindKind(test.kind).New()
			if err := json.Unmarshal([]byte(test.text), object); err != nil {
				t.Fatal(err)
			}
			scheme.Default(object)
			errs := Validate(object)
			var got []string
			for _, err := range errs {
				got = append(got, err.Field)
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %v", aggregate.New(errs.Errors()))
			}
		})
	}
}
