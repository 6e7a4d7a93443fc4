package app

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestMerge(t *testing.T) {
	for _, test := range []struct{ name, before, wanted, live, result string }{
		{"others' fields stay", `{}`, `{"a":1}`, `{"a":0,"b":2}`, `{"a":1,"b":2}`},
		{"what was left out goes", `{"a":1,"b":1}`, `{"a":1}`, `{"a":1,"b":1,"c":1}`, `{"a":1,"c":1}`},
		{"inside", `{"m":{"x":1,"y":1}}`, `{"m":{"x":2}}`, `{"m":{"x":1,"y":1,"z":1}}`, `{"m":{"x":2,"z":1}}`},
		{"lists are whole", `{"l":[1,2]}`, `{"l":[3]}`, `{"l":[1,2]}`, `{"l":[3]}`},
		{"another type", `{}`, `{"a":{"b":1}}`, `{"a":1}`, `{"a":{"b":1}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var values [4]any
			for i, text := range []string{test.before, test.wanted, test.live, test.result} {
				if err := json.Unmarshal([]byte(text), &values[i]); err != nil {
					t.Fatal(err)
				}
			}
			if got := merge(values[0], values[1], values[2]); !reflect.DeepEqual(got, values[3]) {
				t.Errorf("got %v, want %v", got, values[3])
			}
		})
	}
}

func TestReadFile(t *testing.T) {
	for _, test := range []struct{ name, text, want, err string }{
		{"two", "kind: Pod\nmetadata: {name: a}\n---\n{kind: node, metadata: {name: b}}\n", "pod/a node/b", ""},
		{"JSON", `{"kind":"Service","metadata":{"name":"a"}}`, "service/a", ""},
		{"nothing", "# only a comment\n---\n", "", "holds no object"},
		{"no YAML", "kind: [", "", "document 0"},
		{"unknown kind", "kind: Job\nmetadata: {name: a}", "", `kind "Job" is not known`},
		{"no name", "kind: Pod", "", "metadata.name is missing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			documents, err := readFile(strings.NewReader(test.text), "-", "default")
			var got []string
			for _, d := range documents {
				got = append(got, d.String())
			}
			if strings.Join(got, " ") != test.want || (err != nil) != (test.err != "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}
