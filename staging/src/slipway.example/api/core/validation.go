package core

import (
	"fmt"

	"slipway.example/apimachinery/field"
	"slipway.example/apimachinery/meta"
	"slipway.example/apimachinery/validation"
)

// Validate returns all that is wrong with an object that has its defaults.
func Validate(object meta.Object) field.ErrorList {
	m := object.GetObjectMeta()
	errs := validateName(field.NewPath("metadata", "name"), m.Name)
	if m.Namespace != "" {
		errs = append(errs, validateName(field.NewPath("metadata", "namespace"), m.Namespace)...)
	}
	spec := field.NewPath("spec")
	switch o := object.(type) {
	case *Pod:
		errs = append(errs, o.Spec.validate(spec)...)
	case *ReplicaSet:
		errs = append(errs, validateRange(spec.Child("replicas"), o.Spec.Replicas, 1000)...)
		if !meta.Matches(o.Spec.Selector, o.Spec.Template.Labels) {
			errs = append(errs, field.Invalid(spec.Child("selector"), fmt.Sprint(o.Spec.Selector), "must match the labels of the template"))
		}
		errs = append(errs, o.Spec.Template.Spec.validate(spec.Child("template").Child("spec"))...)
		if o.Spec.Template.Spec.RestartPolicy != RestartAlways {
			errs = append(errs, field.NotSupported(spec.Child("template").Child("spec").Child("restartPolicy"),
				string(o.Spec.Template.Spec.RestartPolicy), []string{string(RestartAlways)}))
		}
	case *Service:
		errs = append(errs, validateRange(spec.Child("port"), o.Spec.Port, 65535)...)
		for name, missing := range map[string]bool{"selector": len(o.Spec.Selector) == 0, "targetPort": o.Spec.TargetPort == "", "port": o.Spec.Port == 0} {
			if missing {
				errs = append(errs, field.Required(spec.Child(name), ""))
			}
		}
	}
	return errs
}

func (s *PodSpec) validate(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	if len(s.Containers) == 0 {
		errs = append(errs, field.Required(path.Child("containers"), ""))
	}
	names := map[string]bool{}
	for i, container := range s.Containers {
		at := path.Child("containers").Index(i)
		errs = append(errs, validateName(at.Child("name"), container.Name)...)
		if names[container.Name] {
			errs = append(errs, field.Invalid(at.Child("name"), container.Name, "must be the only one of its name"))
		}
		names[container.Name] = true
		if len(container.Command) == 0 || container.Command[0] == "" {
			errs = append(errs, field.Required(at.Child("command"), ""))
		}
		for j, port := range container.Ports {
			errs = append(errs, validateName(at.Child("ports").Index(j).Child("name"), port.Name)...)
		}
		errs = append(errs, validateRange(at.Child("milliCPU"), container.MilliCPU, 1_000_000)...)
	}
	switch s.RestartPolicy {
	case RestartAlways, RestartOnFailure, RestartNever:
	default:
		errs = append(errs, field.NotSupported(path.Child("restartPolicy"), string(s.RestartPolicy),
			[]string{string(RestartAlways), string(RestartOnFailure), string(RestartNever)}))
	}
	return append(errs, validateRange(path.Child("terminationGracePeriodSeconds"), *s.TerminationGracePeriodSeconds, 3600)...)
}

func validateName(path *field.Path, name string) field.ErrorList {
	var errs field.ErrorList
	for _, fault := range validation.IsDNS1123Subdomain(name) {
		errs = append(errs, field.Invalid(path, name, fault))
	}
	return errs
}

func validateRange(path *field.Path, value, high int) field.ErrorList {
	var errs field.ErrorList
	for _, fault := range validation.IsInRange(value, 0, high) {
		errs = append(errs, field.Invalid(path, value, fault))
	}
	return errs
}
