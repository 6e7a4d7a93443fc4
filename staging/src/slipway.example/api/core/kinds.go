package core

import (
	"reflect"
	"strings"

	"slipway.example/apimachinery/meta"
)

// APIVersion is that of all kinds.
const APIVersion = "v1"

// DefaultNamespace is where an object goes that does not say.
const DefaultNamespace = "default"

// Kind is all that servers and clients know of a kind.
//
// +k8s:deepcopy-gen=false
type Kind struct {
	Name string
	// Plural is the word in paths; Short is for people.
	Plural, Short string
	Namespaced    bool
	New           func() meta.Object
	// Keep is how many there may be; the oldest go first. Zero is no limit.
	Keep int
}

// Kinds is the one list of kinds.
var Kinds = []*Kind{
	{Name: "Pod", Plural: "pods", Short: "po", Namespaced: true, New: func() meta.Object { return &Pod{} }},
	{Name: "Node", Plural: "nodes", Short: "no", New: func() meta.Object { return &Node{} }},
	{Name: "ReplicaSet", Plural: "replicasets", Short: "rs", Namespaced: true, New: func() meta.Object { return &ReplicaSet{} }},
	{Name: "Service", Plural: "services", Short: "svc", Namespaced: true, New: func() meta.Object { return &Service{} }},
	{Name: "Event", Plural: "events", Short: "ev", Namespaced: true, New: func() meta.Object { return &Event{} }, Keep: 1000},
}

// FindKind finds a kind by its name in any case, its plural or short name; nil if
// there is none.
func FindKind(word string) *Kind {
	for _, kind := range Kinds {
		if strings.EqualFold(word, kind.Name) || word == kind.Plural || word == kind.Short {
			return kind
		}
	}
	return nil
}

// KindOf returns the kind of a type of this package: the name is the same.
func KindOf[T meta.Object]() *Kind { return FindKind(reflect.TypeFor[T]().Elem().Name()) }
