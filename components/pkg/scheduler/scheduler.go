// Package scheduler finds a node for each new pod: it filters out the nodes that
// cannot take it and scores the others.
package scheduler

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
	"slipway.example/client-go/client"
)

// period is the interval of full checks when no event arrives.
const period = 30 * time.Second

// Scheduler binds pods to nodes.
type Scheduler struct{ client *client.Client }

// New makes a scheduler.
func New(c *client.Client) *Scheduler { return &Scheduler{c} }

// Run schedules until ctx is done.
func (s *Scheduler) Run(ctx context.Context) {
	client.NewLoop(s.client, period, s.sync, "Pod", "Node").Run(ctx)
}

func (s *Scheduler) sync(ctx context.Context) error {
	pods, err := client.GetList[*core.Pod](ctx, s.client, "")
	if err != nil {
		return err
	}
	nodes, err := client.GetList[*core.Node](ctx, s.client, "")
	if err != nil {
		return err
	}
	loads := loadsOf(nodes.Items, pods.Items)
	for _, pod := range pods.Items {
		if pod.Spec.NodeName != "" || pod.DeletionTimestamp != nil {
			continue
		}
		best, why := pick(pod, loads)
		if best == nil {
			err = s.reject(ctx, pod, why)
		} else {
			best.add(pod)
			err = s.bind(ctx, pod, best.node.Name)
		}
		// Somebody changed or removed the pod: that change wakes us again.
		if reason := meta.ReasonOf(err); err != nil && reason != meta.ReasonConflict && reason != meta.ReasonNotFound {
			return err
		}
	}
	return nil
}

func (s *Scheduler) bind(ctx context.Context, pod *core.Pod, node string) error {
	pod.Spec.NodeName, pod.Status.Message = node, ""
	if err := client.Update(ctx, s.client, pod); err != nil {
		return err
	}
	client.Record(ctx, s.client, "kube-scheduler", pod, "Scheduled", "assigned to %s", node)
	return nil
}

func (s *Scheduler) reject(ctx context.Context, pod *core.Pod, why string) error {
	if pod.Status.Message == why {
		return nil
	}
	pod.Status.Message = why
	if err := client.Update(ctx, s.client, pod); err != nil {
		return err
	}
	client.Record(ctx, s.client, "kube-scheduler", pod, "FailedScheduling", "%s", why)
	return nil
}

// load is a node with the pods it has.
type load struct {
	node     *core.Node
	pods     []*core.Pod
	milliCPU int
}

func (l *load) add(pod *core.Pod) {
	l.pods = append(l.pods, pod)
	l.milliCPU += milliCPU(pod)
}

func milliCPU(pod *core.Pod) (sum int) {
	for _, container := range pod.Spec.Containers {
		sum += container.MilliCPU
	}
	return sum
}

func loadsOf(nodes []*core.Node, pods []*core.Pod) []*load {
	var loads []*load
	for _, node := range nodes {
		l := &load{node: node}
		for _, pod := range pods {
			if pod.Spec.NodeName == node.Name && pod.Status.Phase != core.PodSucceeded && pod.Status.Phase != core.PodFailed {
				l.add(pod)
			}
		}
		loads = append(loads, l)
	}
	return loads
}

// filters return the reason why a node cannot take a pod, or nothing. All must
// pass.
var filters = []func(*core.Pod, *load) string{
	func(_ *core.Pod, l *load) string {
		return when(!l.node.Status.Ready, "not ready")
	},
	func(_ *core.Pod, l *load) string {
		return when(l.node.Spec.Unschedulable, "unschedulable")
	},
	func(pod *core.Pod, l *load) string {
		selector := pod.Spec.NodeSelector
		return when(len(selector) > 0 && !meta.Matches(selector, l.node.Labels), "without the labels of the nodeSelector")
	},
	func(_ *core.Pod, l *load) string {
		return when(len(l.pods) >= l.node.Status.Capacity.Pods, "with too many pods")
	},
	func(pod *core.Pod, l *load) string {
		return when(l.milliCPU+milliCPU(pod) > l.node.Status.Capacity.MilliCPU, "with too little CPU")
	},
}

func when(holds bool, why string) string {
	if holds {
		return why
	}
	return ""
}

// score is higher for a node with fewer pods of the same owner, which counts
// most, and with more CPU left.
func score(pod *core.Pod, l *load) int {
	siblings := 0
	for _, other := range l.pods {
		for _, owner := range pod.OwnerReferences {
			if other.IsOwnedBy(owner.UID) {
				siblings++
			}
		}
	}
	left := 100 * (l.node.Status.Capacity.MilliCPU - l.milliCPU) / max(l.node.Status.Capacity.MilliCPU, 1)
	return left - len(l.pods) - 1000*siblings
}

// pick returns the best node, the first by name among equals, or the reason why
// there is none.
func pick(pod *core.Pod, loads []*load) (*load, string) {
	reasons := map[string]int{}
	var fitting []*load
nodes:
	for _, l := range loads {
		for _, filter := range filters {
			if why := filter(pod, l); why != "" {
				reasons[why]++
				continue nodes
			}
		}
		fitting = append(fitting, l)
	}
	if len(fitting) > 0 {
		return slices.MinFunc(fitting, func(a, b *load) int {
			return cmp.Or(score(pod, b)-score(pod, a), cmp.Compare(a.node.Name, b.node.Name))
		}), ""
	}
	var parts []string
	for _, why := range slices.Sorted(maps.Keys(reasons)) {
		parts = append(parts, fmt.Sprintf("%d %s", reasons[why], why))
	}
	return nil, strings.TrimSuffix(fmt.Sprintf("0 of %d nodes can take it: %s", len(loads), strings.Join(parts, ", ")), ": ")
}
