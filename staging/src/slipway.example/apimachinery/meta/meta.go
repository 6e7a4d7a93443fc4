package meta

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/runtime"
)

// ObjectMeta says which object it is. The server sets UID, ResourceVersion and
// both timestamps.
type ObjectMeta struct {
	Name      string `json:"name,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	// GenerateName is completed to a free name when there is no Name.
	GenerateName string `json:"generateName,omitempty"`
	// UID tells an object from later ones of the same name.
	UID string `json:"uid,omitempty"`
	// ResourceVersion grows with every change of any object; clients compare it
	// only for equality.
	ResourceVersion   string `json:"resourceVersion,omitempty"`
	CreationTimestamp Time   `json:"creationTimestamp,omitzero"`
	// DeletionTimestamp is set when the object is to go and somebody, the kubelet,
	// still has to clean up.
	DeletionTimestamp *Time             `json:"deletionTimestamp,omitempty"`
	Labels            map[string]string `json:"labels,omitempty"`
	Annotations       map[string]string `json:"annotations,omitempty"`
	OwnerReferences   []OwnerReference  `json:"ownerReferences,omitempty"`
}

// OwnerReference names the object this one was made for.
type OwnerReference struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	UID  string `json:"uid"`
}

// Object is any API object.
type Object interface {
	runtime.Object
	GetObjectMeta() *ObjectMeta
}

func (m *ObjectMeta) GetObjectMeta() *ObjectMeta { return m }

// IsOwnedBy reports whether the object was made for the one with this UID.
func (m *ObjectMeta) IsOwnedBy(uid string) bool {
	for _, owner := range m.OwnerReferences {
		if owner.UID == uid {
			return true
		}
	}
	return false
}

// Matches reports whether labels has all of selector; an empty selector matches
// nothing.
func Matches(selector, labels map[string]string) bool {
	for key, value := range selector {
		if got, ok := labels[key]; !ok || got != value {
			return false
		}
	}
	return len(selector) > 0
}

// ListMeta is the state of the store a list was read from.
type ListMeta struct {
	ResourceVersion string `json:"resourceVersion"`
}

// The types of watch events. The object of an error is a Status.
const (
	Added    = "ADDED"
	Modified = "MODIFIED"
	Deleted  = "DELETED"
	Error    = "ERROR"
)

// WatchEvent is one line of the answer to a watch.
type WatchEvent struct {
	Type   string          `json:"type"`
	Object json.RawMessage `json:"object"`
}
