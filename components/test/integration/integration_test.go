//go:build unix

package integration

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
	"slipway.example/client-go/client"
)

// ready waits for exactly count pods, all ready, and returns them.
func (c *cluster) ready(count int) (pods []*core.Pod) {
	c.t.Helper()
	c.eventually(fmt.Sprintf("%d ready pods", count), func() (bool, string) {
		pods = c.pods()
		ready := 0
		for _, pod := range pods {
			if pod.Status.Ready {
				ready++
			}
		}
		return len(pods) == count && ready == count, fmt.Sprintf("%d, of which %d are ready", len(pods), ready)
	})
	return pods
}

// served waits until exactly count pods exist, all ready, and exactly these
// answer for the service. It lists the pods again each time, because a silent
// node may still lose pods that seemed ready.
func (c *cluster) served(port, count int) (pods []*core.Pod) {
	c.t.Helper()
	c.eventually(fmt.Sprintf("the service is answered by %d ready pods", count), func() (bool, string) {
		pods = c.pods()
		var want, got []string
		for _, pod := range pods {
			if pod.Status.Ready {
				want = append(want, pod.Spec.NodeName+"/"+pod.Name)
			}
		}
		for range 2 * count {
			got = append(got, ask(port))
		}
		slices.Sort(want)
		slices.Sort(got)
		got = slices.Compact(got)
		is := fmt.Sprintf("answered by %v, of %d pods %v are ready", got, len(pods), want)
		return len(pods) == count && len(want) == count && slices.Equal(got, want), is
	})
	return pods
}

// group is the process group of the pod, 0 before it has one.
func group(pod *core.Pod) int {
	if len(pod.Status.Containers) == 0 {
		return 0
	}
	return pod.Status.Containers[0].ProcessID
}

func TestWorkload(t *testing.T) {
	t.Parallel()
	c, port := newCluster(t), freePort(t)
	manifest := webManifest(t, 2, port)

	if out := c.kubectl("apply", "-f", manifest); out != "replicaset/web created\nservice/web created\n" {
		t.Errorf("the first apply says %q", out)
	}
	pods := c.served(port, 2)
	if pods[0].Spec.NodeName == pods[1].Spec.NodeName {
		t.Errorf("both pods are on %s", pods[0].Spec.NodeName)
	}
	if out := c.kubectl("apply", "-f", manifest); out != "replicaset/web unchanged\nservice/web unchanged\n" {
		t.Errorf("the second apply says %q", out)
	}
	if out := c.kubectl("logs", pods[0].Name); out != "serving as "+pods[0].Name+"\n" {
		t.Errorf("the log is %q", out)
	}

	dead := pods[0]
	c.kill(dead.Spec.NodeName)
	if !isAlive(group(dead)) {
		t.Error("the container went with its kubelet; nothing is left to be ended")
	}
	c.eventually("all pods are on the other node", func() (bool, string) {
		moved := c.ready(2)
		on := fmt.Sprintf("on %s and %s", moved[0].Spec.NodeName, moved[1].Spec.NodeName)
		return moved[0].Spec.NodeName != dead.Spec.NodeName && moved[1].Spec.NodeName != dead.Spec.NodeName, on
	})
	c.served(port, 2)
	if out := c.kubectl("get", "node", dead.Spec.NodeName); !strings.Contains(out, "NotReady") {
		t.Errorf("the node without kubelet is shown as %s", out)
	}
	c.restart(dead.Spec.NodeName)
	c.eventually("the kubelet ends what its predecessor left", func() (bool, string) { return !isAlive(group(dead)), "still there" })

	pods = c.pods()
	c.kubectl("delete", "-f", manifest)
	c.ready(0)
	for _, pod := range pods {
		c.eventually("the processes are gone", func() (bool, string) {
			return !isAlive(group(pod)), "there is one of " + pod.Name
		})
	}
	c.eventually("nobody listens for the service", func() (bool, string) {
		answer := ask(port)
		return strings.Contains(answer, "refused"), answer
	})
	if out, err := c.tryKubectl("get", "rs", "web"); err == nil || !strings.Contains(out, "not found") {
		t.Errorf("the ReplicaSet is still there: %s", out)
	}
}

// TestKilledAPIServer writes while the server is killed, and watches the
// writes: no acknowledged write may be lost, and no event may arrive twice.
func TestKilledAPIServer(t *testing.T) {
	t.Parallel()
	c := newAPIServer(t)
	ctx, stop := context.WithCancel(t.Context())
	var mu sync.Mutex
	seen := map[string]int{}
	var following sync.WaitGroup
	following.Go(func() {
		note := func(text json.RawMessage) {
			var pod core.Pod
			if err := json.Unmarshal(text, &pod); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			seen[pod.UID]++
		}
		c.client.Follow(ctx, client.Path(core.FindKind("Pod"), ""), func(list []json.RawMessage) {
			for _, text := range list {
				note(text)
			}
		}, func(event meta.WatchEvent) { note(event.Object) })
	})

	var acknowledged []string
	writing, stopWriting := context.WithCancel(ctx)
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for writing.Err() == nil {
				pod := &core.Pod{
					ObjectMeta: meta.ObjectMeta{GenerateName: "p-", Namespace: "default"},
					Spec:       core.PodSpec{Containers: []core.Container{{Name: "c", Command: []string{"true"}}}},
				}
				if err := client.Create(ctx, c.client, pod); err == nil {
					mu.Lock()
					acknowledged = append(acknowledged, pod.UID)
					mu.Unlock()
				} else {
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	for range 3 {
		time.Sleep(300 * time.Millisecond)
		c.kill("apiserver")
		c.restart("apiserver")
	}
	time.Sleep(100 * time.Millisecond)
	stopWriting()
	writers.Wait()

	stored := map[string]bool{}
	for _, pod := range c.pods() {
		stored[pod.UID] = true
	}
	for _, uid := range acknowledged {
		if !stored[uid] {
			t.Errorf("pod %s was acknowledged and is lost", uid)
		}
	}
	if len(acknowledged) < 10 {
		t.Errorf("only %d pods were made: that proves nothing", len(acknowledged))
	}
	c.eventually("the watch told everything", func() (bool, string) {
		mu.Lock()
		defer mu.Unlock()
		return len(seen) == len(stored), fmt.Sprintf("%d of %d", len(seen), len(stored))
	})
	stop()
	following.Wait()
	for uid, times := range seen {
		if times != 1 {
			t.Errorf("pod %s was told %d times", uid, times)
		}
	}
	t.Logf("%d pods acknowledged, %d stored", len(acknowledged), len(stored))
}

// TestRandomKills kills components at random; after each kill the cluster must
// come back to what is wished for, no more and no less. All ten of an evening:
// slipway test-integration KUBE_TEST_ARGS="-run=RandomKills -kills=10 -seed=$RANDOM"
func TestRandomKills(t *testing.T) {
	t.Parallel()
	c, port := newCluster(t), freePort(t)
	c.kubectl("apply", "-f", webManifest(t, 3, port))
	c.served(port, 3)
	random := rand.New(rand.NewPCG(*seed, 0))
	names := []string{"apiserver", "scheduler", "controller-manager", "proxy", "node-1", "node-2"}
	for i := range *kills {
		victim, pause := names[random.IntN(len(names))], time.Duration(random.IntN(3000))*time.Millisecond
		t.Logf("kill %d: %s, for %s", i+1, victim, pause)
		before := c.pods()
		c.kill(victim)
		time.Sleep(pause)
		if answer := ask(port); victim != "proxy" && !strings.Contains(answer, "/web-") {
			t.Errorf("the service does not answer while %s is gone: %s", victim, answer)
		}
		c.restart(victim)
		pods := c.served(port, 3)
		for _, pod := range before {
			stays := slices.ContainsFunc(pods, func(other *core.Pod) bool { return group(other) == group(pod) })
			if group(pod) != 0 && !stays {
				c.eventually("the processes of former pods are gone", func() (bool, string) {
					return !isAlive(group(pod)), "there is one of " + pod.Name
				})
			}
		}
	}
}
