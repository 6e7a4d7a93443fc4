package scheduler

import (
	"testing"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
)

func node(name string, change func(*core.Node)) *load {
	n := &core.Node{
		ObjectMeta: meta.ObjectMeta{Name: name},
		Status:     core.NodeStatus{Ready: true, Capacity: core.Resources{Pods: 2, MilliCPU: 1000}},
	}
	if change != nil {
		change(n)
	}
	return &load{node: n}
}

func pod(milliCPU int, owner string) *core.Pod {
	return &core.Pod{
		ObjectMeta: meta.ObjectMeta{OwnerReferences: []meta.OwnerReference{{UID: owner}}},
		Spec:       core.PodSpec{Containers: []core.Container{{MilliCPU: milliCPU}}},
	}
}

func with(l *load, pods ...*core.Pod) *load {
	for _, p := range pods {
		l.add(p)
	}
	return l
}

func TestPick(t *testing.T) {
	selecting := pod(0, "x")
	selecting.Spec.NodeSelector = map[string]string{"disk": "fast"}
	for _, test := range []struct {
		name  string
		pod   *core.Pod
		loads []*load
		want  string
		why   string
	}{
		{"no nodes", pod(0, "x"), nil, "", "0 of 0 nodes can take it"},
		{"equal: by name", pod(0, "x"), []*load{node("b", nil), node("a", nil)}, "a", ""},
		{"more CPU left", pod(0, "x"), []*load{with(node("a", nil), pod(500, "y")), node("b", nil)}, "b", ""},
		{"away from its siblings", pod(0, "x"), []*load{with(node("a", nil), pod(0, "x")), with(node("b", nil), pod(900, "y"))}, "b", ""},
		{"full", pod(0, "x"), []*load{with(node("a", nil), pod(0, "y"), pod(0, "y"))}, "", "0 of 1 nodes can take it: 1 with too many pods"},
		{"labels", selecting, []*load{node("a", nil), node("b", func(n *core.Node) { n.Labels = selecting.Spec.NodeSelector })}, "b", ""},
		{"every reason", pod(600, "x"), []*load{
			node("a", func(n *core.Node) { n.Status.Ready = false }),
			node("b", func(n *core.Node) { n.Spec.Unschedulable = true }),
			with(node("c", nil), pod(500, "y")),
			with(node("d", nil), pod(500, "y")),
		}, "", "0 of 4 nodes can take it: 1 not ready, 1 unschedulable, 2 with too little CPU"},
	} {
		t.Run(test.name, func(t *testing.T) {
			best, why := pick(test.pod, test.loads)
			got := ""
			if best != nil {
				got = best.node.Name
			}
			if got != test.want || why != test.why {
				t.Errorf("got %q, %q; want %q, %q", got, why, test.want, test.why)
			}
		})
	}
}

func TestFinishedPodsTakeNoRoom(t *testing.T) {
	done, running := pod(700, "x"), pod(200, "x")
	done.Status.Phase = core.PodSucceeded
	done.Spec.NodeName, running.Spec.NodeName = "a", "a"
	loads := loadsOf([]*core.Node{node("a", nil).node}, []*core.Pod{done, running})
	if loads[0].milliCPU != 200 || len(loads[0].pods) != 1 {
		t.Errorf("got %d with %d pods", loads[0].milliCPU, len(loads[0].pods))
	}
}
