package kubelet

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"slipway.example/api/core"
)

const (
	logSuffix = ".log"
	// pidSuffix is the ending of the file that names the process, for the next
	// kubelet.
	pidSuffix = ".pid"

	firstBackOff = 200 * time.Millisecond
	maxBackOff   = 30 * time.Second
	// A container that ran this long starts again with the first back-off.
	goodRun = 10 * time.Second

	probePeriod  = 50 * time.Millisecond
	probeTimeout = time.Second
)

// runner runs the containers of one pod, each in a goroutine.
type runner struct {
	pod     *core.Pod
	dir     string
	changed func()
	cancel  context.CancelFunc
	done    chan struct{}

	mu         sync.Mutex
	containers []core.ContainerStatus
	// over are the containers that will not be started again; failed, those with an error.
	over, failed int
}

func startRunner(ctx context.Context, pod *core.Pod, dir string, changed func()) *runner {
	// Only stop ends a pod, because the grace period also applies at the end of
	// the kubelet.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r := &runner{pod: pod, dir: dir, changed: changed, cancel: cancel, done: make(chan struct{})}
	var running sync.WaitGroup
	for i, container := range pod.Spec.Containers {
		status := core.ContainerStatus{Name: container.Name}
		// An earlier kubelet ran it.
		if before := pod.Status.Containers; i < len(before) && before[i].ProcessID != 0 {
			status.RestartCount, status.LastExit = before[i].RestartCount+1, "ended with its kubelet"
		}
		r.containers = append(r.containers, status)
	}
	for i := range pod.Spec.Containers {
		running.Go(func() { r.run(ctx, i) })
	}
	go func() {
		running.Wait()
		close(r.done)
		changed()
	}()
	return r
}

// stop ends the pod, and returns after all its processes were killed.
func (r *runner) stop() {
	r.cancel()
	<-r.done
}

// stopped begins to end the pod, and reports whether all its processes are
// gone.
func (r *runner) stopped() bool {
	r.cancel()
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

func (r *runner) status() core.PodStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	// The containers' maps continue to change.
	now := core.PodStatus{Phase: core.PodRunning, Ready: true, Containers: r.containers}
	status := *now.DeepCopy()
	for _, container := range r.containers {
		status.Ready = status.Ready && container.Ready
	}
	switch {
	case r.over < len(r.containers):
	case r.failed > 0:
		status.Phase = core.PodFailed
	default:
		status.Phase = core.PodSucceeded
	}
	return status
}

func (r *runner) set(i int, change func(*core.ContainerStatus)) {
	r.mu.Lock()
	change(&r.containers[i])
	r.mu.Unlock()
	r.changed()
}

// run starts the container repeatedly, by its pod's restart policy.
func (r *runner) run(ctx context.Context, i int) {
	policy := r.pod.Spec.RestartPolicy
	if policy == core.RestartNever && r.containers[i].RestartCount > 0 {
		r.end(i, true)
		return
	}
	for backOff := firstBackOff; ; backOff = min(2*backOff, maxBackOff) {
		began := time.Now()
		err := r.runOnce(ctx, i)
		exit := "exit status 0"
		if err != nil {
			exit = err.Error()
		}
		r.set(i, func(s *core.ContainerStatus) {
			s.Running, s.Ready, s.ProcessID, s.Ports, s.LastExit = false, false, 0, nil, exit
		})
		if ctx.Err() != nil || policy == core.RestartNever || policy == core.RestartOnFailure && err == nil {
			r.end(i, err != nil)
			return
		}
		if time.Since(began) > goodRun {
			backOff = firstBackOff
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(backOff):
		}
		r.set(i, func(s *core.ContainerStatus) { s.RestartCount++ })
	}
}

func (r *runner) end(i int, failed bool) {
	r.set(i, func(*core.ContainerStatus) {
		r.over++
		if failed {
			r.failed++
		}
	})
}

// runOnce returns when no process of the container's group is left.
func (r *runner) runOnce(ctx context.Context, i int) error {
	container := r.pod.Spec.Containers[i]
	ports, err := freePorts(container.Ports)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(r.dir, container.Name)
	log, err := os.OpenFile(path+logSuffix, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	command := exec.Command(container.Command[0], container.Command[1:]...)
	command.Dir, command.Stdout, command.Stderr = r.dir, log, log
	if container.WorkingDir != "" {
		command.Dir = container.WorkingDir
	}
	command.Env = r.environment(container, ports)
	if err := prepare(command, log); err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	pid := command.Process.Pid
	if err := os.WriteFile(path+pidSuffix, []byte(strconv.Itoa(pid)), 0o600); err != nil {
		return errors.Join(err, killGroup(pid), command.Wait())
	}
	r.set(i, func(s *core.ContainerStatus) { s.Running, s.ProcessID, s.Ports = true, pid, ports })

	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	probing, stopProbing := context.WithCancel(ctx)
	defer stopProbing()
	go r.probe(probing, i, ports)
	select {
	case err = <-ended:
	case <-ctx.Done():
		_ = terminateGroup(pid)
		select {
		case err = <-ended:
		case <-time.After(time.Duration(*r.pod.Spec.TerminationGracePeriodSeconds) * time.Second):
			_ = killGroup(pid)
			err = <-ended
		}
	}
	_ = killGroup(pid)
	return errors.Join(err, os.Remove(path+pidSuffix))
}

// probe marks the container ready as soon as all its ports answer.
func (r *runner) probe(ctx context.Context, i int, ports map[string]int) {
	for _, port := range ports {
		for {
			connection, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), probeTimeout)
			if err == nil {
				connection.Close()
				break
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(probePeriod):
			}
		}
	}
	r.set(i, func(s *core.ContainerStatus) { s.Ready = ctx.Err() == nil && s.Running })
}

// environment is small, so that a pod does not depend on how its kubelet was started.
func (r *runner) environment(container core.Container, ports map[string]int) []string {
	var environment []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "SystemRoot", "TEMP"} {
		if value, ok := os.LookupEnv(name); ok {
			environment = append(environment, name+"="+value)
		}
	}
	environment = append(environment, "POD_NAME="+r.pod.Name, "POD_NAMESPACE="+r.pod.Namespace, "NODE_NAME="+r.pod.Spec.NodeName)
	for name, port := range ports {
		variable := "PORT_" + strings.NewReplacer("-", "_", ".", "_").Replace(strings.ToUpper(name))
		environment = append(environment, fmt.Sprintf("%s=%d", variable, port))
	}
	for _, variable := range container.Env {
		environment = append(environment, variable.Name+"="+variable.Value)
	}
	return environment
}

// freePorts finds a port for each name. If somebody takes one before the
// container, the container fails and gets others at its next start.
func freePorts(names []core.ContainerPort) (map[string]int, error) {
	if len(names) == 0 {
		return nil, nil
	}
	ports := map[string]int{}
	for _, name := range names {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		ports[name.Name] = listener.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}
