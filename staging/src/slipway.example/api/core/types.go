package core

import (
	"k8s.io/apimachinery/pkg/runtime"

	"slipway.example/apimachinery/meta"
)

// Pod is a group of processes that run together on one node.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Pod struct {
	runtime.TypeMeta `json:",inline"`
	meta.ObjectMeta  `json:"metadata"`
	Spec             PodSpec   `json:"spec"`
	Status           PodStatus `json:"status,omitzero"`
}

// PodSpec is what is wished for.
type PodSpec struct {
	Containers []Container `json:"containers"`
	// NodeName is set by the scheduler.
	NodeName string `json:"nodeName,omitempty"`
	// NodeSelector are labels the node must have.
	NodeSelector map[string]string `json:"nodeSelector,omitempty"`
	// +default=ref(RestartAlways)
	RestartPolicy RestartPolicy `json:"restartPolicy,omitempty"`
	// TerminationGracePeriodSeconds is the time between a polite and a hard kill.
	// +default=30
	TerminationGracePeriodSeconds *int `json:"terminationGracePeriodSeconds,omitempty"`
}

// RestartPolicy says what happens when a container ends.
type RestartPolicy string

const (
	RestartAlways    RestartPolicy = "Always"
	RestartOnFailure RestartPolicy = "OnFailure"
	RestartNever     RestartPolicy = "Never"
)

// Container is one process with its children.
type Container struct {
	Name       string   `json:"name"`
	Command    []string `json:"command"`
	WorkingDir string   `json:"workingDir,omitempty"`
	Env        []EnvVar `json:"env,omitempty"`
	// Ports are taken anew at each start, as all pods of a machine share its
	// loopback address; the process finds them in PORT_<NAME>.
	Ports []ContainerPort `json:"ports,omitempty"`
	// MilliCPU is what the scheduler reckons with, in thousandths of a core.
	MilliCPU int `json:"milliCPU,omitempty"`
}

// EnvVar is a variable of a container's environment.
type EnvVar struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ContainerPort is a port a container listens on.
type ContainerPort struct {
	Name string `json:"name"`
}

// PodPhase is where a pod is in its life.
type PodPhase string

const (
	PodPending   PodPhase = "Pending"
	PodRunning   PodPhase = "Running"
	PodSucceeded PodPhase = "Succeeded"
	PodFailed    PodPhase = "Failed"
)

// PodStatus is what the kubelet saw, and while no node is found, the scheduler.
type PodStatus struct {
	// +default=ref(PodPending)
	Phase   PodPhase `json:"phase,omitempty"`
	Message string   `json:"message,omitempty"`
	// Ready means that every container runs and every port of it answers.
	Ready      bool              `json:"ready,omitempty"`
	Containers []ContainerStatus `json:"containerStatuses,omitempty"`
}

// ContainerStatus is what the kubelet saw of one container.
type ContainerStatus struct {
	Name         string `json:"name"`
	Running      bool   `json:"running"`
	Ready        bool   `json:"ready"`
	RestartCount int    `json:"restartCount"`
	// ProcessID is also the id of the process group.
	ProcessID int            `json:"processID,omitempty"`
	Ports     map[string]int `json:"ports,omitempty"`
	// LastExit says how the process ended the last time.
	LastExit string `json:"lastExit,omitempty"`
}

// Node is a kubelet that runs pods.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Node struct {
	runtime.TypeMeta `json:",inline"`
	meta.ObjectMeta  `json:"metadata"`
	Spec             NodeSpec   `json:"spec"`
	Status           NodeStatus `json:"status,omitzero"`
}

// NodeSpec is what is wished for.
type NodeSpec struct {
	// Unschedulable keeps new pods away.
	Unschedulable bool `json:"unschedulable,omitempty"`
}

// NodeStatus is written by the kubelet; the controller manager takes Ready away
// when no heartbeat comes.
type NodeStatus struct {
	Ready         bool      `json:"ready"`
	LastHeartbeat meta.Time `json:"lastHeartbeat,omitzero"`
	// Address is where the kubelet serves logs.
	Address  string    `json:"address,omitempty"`
	Capacity Resources `json:"capacity,omitzero"`
}

// Resources is how much fits on a node.
type Resources struct {
	Pods     int `json:"pods"`
	MilliCPU int `json:"milliCPU"`
}

// ReplicaSet keeps a number of equal pods.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type ReplicaSet struct {
	runtime.TypeMeta `json:",inline"`
	meta.ObjectMeta  `json:"metadata"`
	Spec             ReplicaSetSpec   `json:"spec"`
	Status           ReplicaSetStatus `json:"status,omitzero"`
}

// ReplicaSetSpec is what is wished for.
type ReplicaSetSpec struct {
	Replicas int               `json:"replicas"`
	Selector map[string]string `json:"selector"`
	Template PodTemplate       `json:"template"`
}

// PodTemplate is what the pods of a ReplicaSet are made from.
type PodTemplate struct {
	meta.ObjectMeta `json:"metadata"`
	Spec            PodSpec `json:"spec"`
}

// ReplicaSetStatus is what the controller manager saw.
type ReplicaSetStatus struct {
	Replicas      int `json:"replicas"`
	ReadyReplicas int `json:"readyReplicas"`
}

// Service is a port on the loopback address that leads to the ready pods its
// selector matches.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Service struct {
	runtime.TypeMeta `json:",inline"`
	meta.ObjectMeta  `json:"metadata"`
	Spec             ServiceSpec `json:"spec"`
}

// ServiceSpec is what is wished for.
type ServiceSpec struct {
	Selector map[string]string `json:"selector"`
	Port     int               `json:"port"`
	// TargetPort is the name of a container port.
	TargetPort string `json:"targetPort"`
}

// Event is something that happened to an object, for people. The server forgets
// the oldest.
//
// +k8s:deepcopy-gen:interfaces=k8s.io/apimachinery/pkg/runtime.Object
type Event struct {
	runtime.TypeMeta `json:",inline"`
	meta.ObjectMeta  `json:"metadata"`
	InvolvedObject   ObjectReference `json:"involvedObject"`
	Reason           string          `json:"reason"`
	Message          string          `json:"message"`
	// Source is the component that saw it.
	Source string `json:"source"`
}

// ObjectReference names an object of the API.
type ObjectReference struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	UID       string `json:"uid,omitempty"`
}
