// Reads Kubernetes objects from standard input and refuses a field that their API does not know.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	apps "k8s.io/api/apps/v1"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

func object(kind string) any {
	switch kind {
	case "apps/v1/Deployment":
		return &apps.Deployment{}
	case "batch/v1/Job":
		return &batch.Job{}
	case "batch/v1/CronJob":
		return &batch.CronJob{}
	case "networking.k8s.io/v1/Ingress":
		return &networking.Ingress{}
	case "networking.k8s.io/v1/NetworkPolicy":
		return &networking.NetworkPolicy{}
	case "policy/v1/PodDisruptionBudget":
		return &policy.PodDisruptionBudget{}
	case "v1/PersistentVolumeClaim":
		return &core.PersistentVolumeClaim{}
	case "v1/Pod":
		return &core.Pod{}
	case "v1/Service":
		return &core.Service{}
	}
	return nil
}

func main() {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	failed := false
	for _, document := range strings.Split("\n"+string(input), "\n---") {
		var kind meta.TypeMeta
		if err := yaml.Unmarshal([]byte(document), &kind); err != nil {
			panic(err)
		}
		if kind.Kind == "" {
			continue
		}
		name := kind.APIVersion + "/" + kind.Kind
		known := object(name)
		if known == nil {
			fmt.Println("unchecked", name)
		} else if err := yaml.UnmarshalStrict([]byte(document), known); err != nil {
			fmt.Println("wrong", name, err)
			failed = true
		} else {
			fmt.Println("fits", name)
		}
	}
	if failed {
		os.Exit(1)
	}
}
