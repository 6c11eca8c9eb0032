/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the kernel has a module, built in, loaded or to be loaded.
 */
#pragma once

#include <glib.h>

typedef enum {
	KERNEL_MODULE_THERE,
	KERNEL_MODULE_MISSING,
	KERNEL_MODULE_UNKNOWN, /* the kernel's modules are not on this root, as in a container */
} KernelModule;

/**
 * kernel_module_find:
 * @root: "/", but in tests
 * @release: of uname(2)
 * @name: as in esp4.ko
 *
 * Nothing is loaded by it.
 */
KernelModule kernel_module_find(const char *root, const char *release, const char *name);
