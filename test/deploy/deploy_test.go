package deploy_test

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

const root = "../.."

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// files gives everything in deploy/ by its path.
func files(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(filepath.Join(root, "deploy"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = string(text)
		return err
	})
	if err != nil || len(all) < 10 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	return all
}

var settingName = regexp.MustCompile(`DURE_[A-Z0-9_]+`)

// TestSettingsExist: a name misspelt in a unit or chart would be passed over in silence.
func TestSettingsExist(t *testing.T) {
	known := map[string]bool{}
	for _, name := range settingName.FindAllString(read(t, "docs/operating.md"), -1) {
		known[name] = true
	}
	for path, text := range files(t) {
		for _, name := range settingName.FindAllString(text, -1) {
			if !known[name] {
				t.Errorf("%s names %s, which docs/operating.md does not know", path, name)
			}
		}
	}
}

// TestComposeFilesAreWhole: each service has an image or a way to build it, and waits only for services there are.
func TestComposeFilesAreWhole(t *testing.T) {
	for _, name := range []string{"deploy/compose.yaml", "deploy/compose.nodes.yaml"} {
		var file struct {
			Services map[string]struct {
				Image   string
				Build   struct{ Context, Dockerfile string }
				Depends any      `yaml:"depends_on"`
				Volumes []string `yaml:"volumes"`
			}
			Volumes map[string]any
		}
		if err := yaml.Unmarshal([]byte(read(t, name)), &file); err != nil || len(file.Services) < 2 {
			t.Fatalf("%s: %d services, %v", name, len(file.Services), err)
		}
		for service, s := range file.Services {
			if s.Image == "" && s.Build.Dockerfile == "" {
				t.Errorf("%s: %s comes from nowhere", name, service)
			}
			if s.Build.Dockerfile != "" {
				read(t, s.Build.Dockerfile)
			}
			for _, other := range depends(s.Depends) {
				if _, ok := file.Services[other]; !ok {
					t.Errorf("%s: %s waits for %s, which is not there", name, service, other)
				}
			}
			for _, volume := range s.Volumes {
				from, _, _ := strings.Cut(volume, ":")
				if _, ok := file.Volumes[from]; !ok && !strings.HasPrefix(from, "./") {
					t.Errorf("%s: %s has a volume %s, which is not there", name, service, from)
				}
				if strings.HasPrefix(from, "./") {
					read(t, filepath.Join("deploy", from))
				}
			}
		}
	}
}

func depends(value any) (names []string) {
	switch of := value.(type) {
	case []any:
		for _, name := range of {
			names = append(names, fmt.Sprint(name))
		}
	case map[string]any:
		for name := range of {
			names = append(names, name)
		}
	}
	return names
}

var probed = regexp.MustCompile(`(?:httpGet: \{path: |health_uri )(/\w+)`)

// TestProgramRunsAlone builds as the image does, and serves from a root that holds the program and nothing else: no C
// library, no time zones, no shell. What charts and balancers probe there answers.
func TestProgramRunsAlone(t *testing.T) {
	build := regexp.MustCompile(`CGO_ENABLED=0 go build -trimpath`)
	if !build.MatchString(read(t, "deploy/Dockerfile")) {
		t.Fatal("the Dockerfile builds another way than this test")
	}
	alone := t.TempDir()
	make := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(alone, "dure"), "./cmd/dure")
	make.Dir, make.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := make.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, folder := range []string{"data", "tmp"} {
		if err := os.Mkdir(filepath.Join(alone, folder), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	address := free(t)
	serve := inside(t.Context(), alone, []string{"DURE_DATA=/data/dure", "DURE_LISTEN=" + address}, "serve")
	var said strings.Builder
	serve.Stdout, serve.Stderr = &said, &said
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	ready := func() bool {
		return inside(t.Context(), alone, nil, "health", "http://"+address+"/healthz").Run() == nil
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for tries := 0; !ready(); tries++ {
		if tries > 300 {
			t.Fatalf("not ready after half a minute: %s", said.String())
		}
		<-tick.C
	}
	for path, text := range files(t) {
		for _, hit := range probed.FindAllStringSubmatch(text, -1) {
			if out, err := inside(t.Context(), alone, nil, "health", "http://"+address+hit[1]).CombinedOutput(); err != nil {
				t.Errorf("%s probes %s: %v %s", path, hit[1], err, out)
			}
		}
	}
	if err := inside(t.Context(), alone, nil, "health", "http://"+address+"/no-such-page").Run(); err == nil {
		t.Error("health takes any answer for a good one")
	}
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("the server ends with %v: %s", err, said.String())
	}
	if err := inside(t.Context(), alone, nil, "health", "http://"+address+"/healthz").Run(); err == nil {
		t.Error("health finds a server that has ended")
	}
}

// inside runs the program with the folder as its whole root, as another user where the process may choose one.
func inside(ctx context.Context, folder string, environment []string, arguments ...string) *exec.Cmd {
	program := exec.CommandContext(ctx, "/dure", arguments...)
	program.Path, program.Dir, program.Env = "/dure", "/", environment
	attributes := &syscall.SysProcAttr{Chroot: folder}
	if os.Getuid() != 0 { // changing the root needs a user of one's own making
		attributes.Cloneflags = syscall.CLONE_NEWUSER
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	program.SysProcAttr = attributes
	return program
}

// free gives an address on loopback at which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	var listen net.ListenConfig
	l, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return address
}
