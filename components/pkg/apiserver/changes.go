package apiserver

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"

	"slipway.example/api/core"
	"slipway.example/apimachinery/aggregate"
	"slipway.example/apimachinery/meta"
)

// maxBody is Kubernetes' limit for one object, in bytes.
const maxBody = 3 << 20

// scheme knows the optional fields of each kind.
var scheme = runtime.NewScheme()

func init() { utilruntime.Must(core.RegisterDefaults(scheme)) }

// read takes the object out of a request and completes it from the path.
func (r *resource) read(w http.ResponseWriter, request *http.Request) (meta.Object, error) {
	object := r.kind.New()
	decoder := json.NewDecoder(http.MaxBytesReader(w, request.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(object); err != nil {
		return nil, meta.NewStatus(meta.ReasonBadRequest, "the body is no %s: %v", r.kind.Name, err)
	}
	is, wants := object.GetObjectKind(), schema.FromAPIVersionAndKind(core.APIVersion, r.kind.Name)
	if got := is.GroupVersionKind(); got != wants && !got.Empty() {
		return nil, meta.NewStatus(meta.ReasonBadRequest, "the body is %s %s, not %s %s", got.GroupVersion(), got.Kind, wants.GroupVersion(), wants.Kind)
	}
	is.SetGroupVersionKind(wants)
	m := object.GetObjectMeta()
	if namespace := request.PathValue("namespace"); m.Namespace == "" {
		m.Namespace = namespace
	} else if m.Namespace != namespace {
		return nil, meta.NewStatus(meta.ReasonBadRequest, "the object is of namespace %q, the path of %q", m.Namespace, namespace)
	}
	if name := request.PathValue("name"); name != "" && m.Name != name {
		return nil, meta.NewStatus(meta.ReasonBadRequest, "the object is named %q, the path says %q", m.Name, name)
	}
	if m.Name == "" && m.GenerateName != "" {
		m.Name = m.GenerateName + strings.ToLower(rand.Text()[:6])
	}
	scheme.Default(object)
	if err := aggregate.New(core.Validate(object).Errors()); err != nil {
		return nil, meta.NewStatus(meta.ReasonInvalid, "%s %q is invalid: %v", r.kind.Name, m.Name, err)
	}
	return object, nil
}

func (r *resource) create(w http.ResponseWriter, request *http.Request) error {
	object, err := r.read(w, request)
	if err != nil {
		return err
	}
	m := object.GetObjectMeta()
	if m.ResourceVersion != "" {
		return meta.NewStatus(meta.ReasonBadRequest, "metadata.resourceVersion: must not be set on an object to be created")
	}
	m.UID, m.CreationTimestamp, m.DeletionTimestamp = strings.ToLower(rand.Text()), meta.Now(), nil
	created, err := r.store.Change(r.kind, r.kind.Plural+"/"+m.Namespace+"/"+m.Name, func(current meta.Object) (meta.Object, error) {
		if current != nil {
			return nil, meta.NewStatus(meta.ReasonAlreadyExists, "%s %q already exists", r.kind.Plural, m.Name)
		}
		return object, nil
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusCreated, created)
}

func (r *resource) update(w http.ResponseWriter, request *http.Request) error {
	object, err := r.read(w, request)
	if err != nil {
		return err
	}
	updated, err := r.store.Change(r.kind, r.key(request), func(current meta.Object) (meta.Object, error) {
		if current == nil {
			return nil, r.notFound(request)
		}
		is, wants := current.GetObjectMeta(), object.GetObjectMeta()
		if wants.ResourceVersion == "" {
			return nil, meta.NewStatus(meta.ReasonInvalid, "metadata.resourceVersion: must be specified for an update")
		}
		if is.ResourceVersion != wants.ResourceVersion || wants.UID != "" && wants.UID != is.UID {
			return nil, meta.NewStatus(meta.ReasonConflict, "%s %q was changed since it was read; read it again", r.kind.Plural, is.Name)
		}
		wants.UID, wants.CreationTimestamp, wants.DeletionTimestamp = is.UID, is.CreationTimestamp, is.DeletionTimestamp
		return object, nil
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, updated)
}

// delete marks a pod that has a node, because its kubelet must end it first.
// The kubelet, or a user who is sure, then sends gracePeriodSeconds=0. Other
// objects are removed at once.
func (r *resource) delete(w http.ResponseWriter, request *http.Request) error {
	query := request.URL.Query()
	deleted, err := r.store.Change(r.kind, r.key(request), func(current meta.Object) (meta.Object, error) {
		if current == nil {
			return nil, r.notFound(request)
		}
		m := current.GetObjectMeta()
		if uid := query.Get("uid"); uid != "" && uid != m.UID {
			return nil, meta.NewStatus(meta.ReasonConflict, "%s %q is another one by now", r.kind.Plural, m.Name)
		}
		pod, isPod := current.(*core.Pod)
		if !isPod || pod.Spec.NodeName == "" || query.Get("gracePeriodSeconds") == "0" {
			return nil, nil
		}
		if m.DeletionTimestamp == nil {
			now := meta.Now()
			m.DeletionTimestamp = &now
		}
		return current, nil
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, deleted)
}
