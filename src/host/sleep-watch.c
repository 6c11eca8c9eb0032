/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "sleep-watch.h"

#include <time.h>

struct SleepWatch {
	SleepWatchFunc func;
	gpointer user_data;
	GDBusConnection *bus;
	GCancellable *cancellable;
	guint subscription;
	gint64 before_ms;    /* CLOCK_BOOTTIME at logind's word before a sleep, 0 for none */
	gint64 suspended_ms; /* as suspended_ms() was when we last looked */
};

static gint64
clock_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (gint64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How long the machine was suspended since it booted. */
static gint64
suspended_ms(void)
{
	return clock_ms(CLOCK_BOOTTIME) - clock_ms(CLOCK_MONOTONIC);
}

static void
on_signal(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
		  const char *name, GVariant *parameters, gpointer user_data)
{
	SleepWatch *self = user_data;
	gint64 ms, suspended = suspended_ms();
	gboolean before;

	if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(b)")))
		return;
	g_variant_get(parameters, "(b)", &before);
	if (before) {
		self->before_ms = clock_ms(CLOCK_BOOTTIME);
		return;
	}
	/* The word before may not have been read until after. */
	ms = suspended - self->suspended_ms;
	if (self->before_ms > 0)
		ms = MAX(ms, clock_ms(CLOCK_BOOTTIME) - self->before_ms);
	self->before_ms = 0;
	self->suspended_ms = suspended;
	self->func(ms, self->user_data);
}

static void
subscribe(SleepWatch *self)
{
	self->subscription = g_dbus_connection_signal_subscribe(
		self->bus, "org.freedesktop.login1", "org.freedesktop.login1.Manager", "PrepareForSleep",
		"/org/freedesktop/login1", NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
}

static void
on_bus(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	GDBusConnection *bus = g_bus_get_finish(result, &error);
	SleepWatch *self = user_data;

	if (!bus) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			g_info("cannot reach logind, suspend detection disabled: %s", error->message);
		return;
	}
	self->bus = bus;
	subscribe(self);
}

SleepWatch *
sleep_watch_new(GDBusConnection *bus, SleepWatchFunc func, gpointer user_data)
{
	SleepWatch *self = g_new0(SleepWatch, 1);

	self->func = func;
	self->user_data = user_data;
	self->suspended_ms = suspended_ms();
	self->cancellable = g_cancellable_new();
	if (bus) {
		self->bus = g_object_ref(bus);
		subscribe(self);
	} else {
		g_bus_get(G_BUS_TYPE_SYSTEM, self->cancellable, on_bus, self);
	}
	return self;
}

void
sleep_watch_free(SleepWatch *self)
{
	if (!self)
		return;
	g_cancellable_cancel(self->cancellable);
	g_object_unref(self->cancellable);
	if (self->subscription)
		g_dbus_connection_signal_unsubscribe(self->bus, self->subscription);
	g_clear_object(&self->bus);
	g_free(self);
}
