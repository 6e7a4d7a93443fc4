//go:build unix

// Package integration starts the built binaries, as a user would, and tests
// them together.
package integration

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"slipway.example/api/core"
	"slipway.example/client-go/client"
	"slipway.example/components/pkg/daemon/daemontest"
)

var (
	kills = flag.Int("kills", 3, "How many components TestRandomKills kills.")
	seed  = flag.Uint64("seed", 1, "What TestRandomKills kills, and when.")
)

// binDirVariable names the directory of the binaries; slipway test-integration sets it.
const binDirVariable = "KUBE_TEST_BIN_DIR"

// workloadVariable makes this test binary the container of a pod.
const workloadVariable = "INTEGRATION_WORKLOAD"

const patience = daemontest.Patience

func TestMain(m *testing.M) {
	if os.Getenv(workloadVariable) != "" {
		serveWorkload()
	}
	flag.Parse()
	if os.Getenv(binDirVariable) == "" {
		fmt.Println("skipped: there is no " + binDirVariable + "; slipway test-integration builds the binaries and sets it")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// serveWorkload answers with the pod's name, on the port that its kubelet
// chose.
func serveWorkload() {
	fmt.Println("serving as", os.Getenv("POD_NAME"))
	err := http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT_HTTP"), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, os.Getenv("NODE_NAME"), "/", os.Getenv("POD_NAME"))
	}))
	fmt.Println(err)
	os.Exit(1)
}

// process is a component that can be killed and restarted in place.
type process struct {
	name      string
	arguments []string
	command   *exec.Cmd
	killed    bool
	url       string
}

// cluster is a whole control plane with two nodes.
type cluster struct {
	t       *testing.T
	dir     string
	servers map[string]*process
	client  *client.Client
}

// newCluster starts the API server with arguments, and all other components.
func newCluster(t *testing.T, arguments ...string) *cluster {
	t.Helper()
	c := newAPIServer(t, arguments...)
	c.start("scheduler", "kube-scheduler", "--server="+c.servers["apiserver"].url)
	c.start("controller-manager", "kube-controller-manager", "--server="+c.servers["apiserver"].url, "--node-monitor-grace-period=2s")
	c.start("proxy", "kube-proxy", "--server="+c.servers["apiserver"].url)
	for _, node := range []string{"node-1", "node-2"} {
		c.start(node, "kubelet", "--server="+c.servers["apiserver"].url, "--hostname-override="+node,
			"--root-dir="+filepath.Join(c.dir, node), "--milli-cpu=1000", "--node-status-update-frequency=300ms")
	}
	return c
}

func newAPIServer(t *testing.T, arguments ...string) *cluster {
	t.Helper()
	c := &cluster{t: t, dir: t.TempDir(), servers: map[string]*process{}}
	c.start("apiserver", "kube-apiserver", append(arguments, "--data-dir="+filepath.Join(c.dir, "data"))...)
	server, err := url.Parse(c.servers["apiserver"].url)
	if err != nil {
		t.Fatal(err)
	}
	c.client = client.New(server)
	return c
}

// start starts a component; at the end of the test it is stopped, the last one first.
func (c *cluster) start(name, binary string, arguments ...string) {
	c.t.Helper()
	p := &process{name: name, arguments: arguments}
	c.servers[name] = p
	c.run(p, binary, "--port=0")
	p.arguments = append(p.arguments, "--port="+p.url[strings.LastIndexByte(p.url, ':')+1:])
	c.t.Cleanup(func() {
		if p.killed {
			return
		}
		_ = p.command.Process.Signal(syscall.SIGTERM)
		late := time.AfterFunc(patience, func() {
			c.t.Errorf("%s has not stopped within %s", name, patience)
			_ = p.command.Process.Kill()
		})
		defer late.Stop()
		if err := p.command.Wait(); err != nil {
			c.t.Errorf("%s stopped with %v", name, err)
		}
	})
}

func (c *cluster) run(p *process, binary string, more ...string) {
	c.t.Helper()
	p.command = exec.Command(filepath.Join(os.Getenv(binDirVariable), binary), append(append(p.arguments, "--logging-format=json"), more...)...)
	lines, err := p.command.StderrPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		c.t.Fatal(err)
	}
	p.killed = false
	if p.url, err = daemontest.ReadURL(lines); err != nil {
		_ = p.command.Process.Kill()
		c.t.Fatalf("%s did not start: %v", p.name, err)
	}
}

// kill ends a component as a power cut would.
func (c *cluster) kill(name string) {
	p := c.servers[name]
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
	p.killed = true
}

func (c *cluster) restart(name string) {
	c.t.Helper()
	c.run(c.servers[name], filepath.Base(c.servers[name].command.Path))
}

// kubectl runs the binary; it must succeed.
func (c *cluster) kubectl(arguments ...string) string {
	c.t.Helper()
	out, err := c.tryKubectl(arguments...)
	if err != nil {
		c.t.Fatalf("kubectl %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
	return out
}

func (c *cluster) tryKubectl(arguments ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, filepath.Join(os.Getenv(binDirVariable), "kubectl"), append(arguments, "--server="+c.servers["apiserver"].url)...)
	out, err := command.CombinedOutput()
	return string(out), err
}

// pods are the pods of the API that are not being deleted.
func (c *cluster) pods() (pods []*core.Pod) {
	list, err := client.GetList[*core.Pod](c.t.Context(), c.client, "")
	if err != nil {
		return nil
	}
	for _, pod := range list.Items {
		if pod.DeletionTimestamp == nil {
			pods = append(pods, pod)
		}
	}
	return pods
}

// eventually waits until a condition is true, and reports the last state
// otherwise.
func (c *cluster) eventually(what string, holds func() (bool, string)) {
	c.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		ok, is := holds()
		if ok {
			return
		}
		if time.Now().After(deadline) {
			out, _ := c.tryKubectl("get", "pods")
			events, _ := c.tryKubectl("get", "events")
			c.t.Fatalf("not within %s: %s; it is %s\n%s\n%s", patience, what, is, out, events)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// freePort is free now; nothing else on this machine should hurry to take it.
func freePort(t *testing.T) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// ask returns the answer of a service, each time through a new connection.
func ask(port int) string {
	once := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := once.Get(fmt.Sprintf("http://127.0.0.1:%d/", port))
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err.Error()
	}
	return string(body)
}

// isAlive reports whether a process of the group is left.
func isAlive(group int) bool { return syscall.Kill(-group, 0) == nil }

// webManifest is a ReplicaSet of this test binary, and a Service for it.
func webManifest(t *testing.T, replicas, port int) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command, err := json.Marshal([]string{self})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "web.yaml")
	text := fmt.Sprintf(`apiVersion: v1
kind: ReplicaSet
metadata: {name: web}
spec:
  replicas: %d
  selector: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - name: server
          command: %s
          env: [{name: %s, value: "1"}]
          ports: [{name: http}]
          milliCPU: 300
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, port: %d, targetPort: http}
`, replicas, command, workloadVariable, port)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
