/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The window of nm-libreswan-auth-dialog, for agents that do not show its questions themselves. It
 * reads them from its standard input and writes the answers to its standard output (questions.h);
 * auth-window-status.h has how it ends.
 */
#include "config.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <locale.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "auth-window-status.h"
#include "questions.h"

/* More than every label and description together. */
#define INPUT_MAX 65536
#define MARGIN    18
#define SPACING   12
/* Letters of a line of the description. */
#define LINE_LENGTH 50

typedef struct {
	Questions *questions;
	GPtrArray *entries; /* (element-type GtkWidget): in the order of the questions */
	GMainLoop *loop;
	int status;
} AuthWindow;

static Questions *
read_questions(GError **error)
{
	char *data = g_malloc(INPUT_MAX);
	Questions *questions;
	gsize len = 0;
	gssize n;

	while (len < INPUT_MAX && (n = read(STDIN_FILENO, data + len, INPUT_MAX - len)) > 0)
		len += (gsize) n;
	questions = questions_parse(data, len, error);
	explicit_bzero(data, len);
	g_free(data);
	return questions;
}

static gboolean
write_answers(const AuthWindow *self)
{
	/* In one piece from the beginning: a string that grows leaves copies behind. */
	GString *text = g_string_sized_new(INPUT_MAX);
	gboolean ok = TRUE;

	for (guint i = 0; ok && i < self->entries->len; i++) {
		const Question *question = self->questions->asked->pdata[i];
		const char *entered = gtk_editable_get_text(self->entries->pdata[i]);

		ok = strlen(entered) < INPUT_MAX / 8 && questions_answer(text, question->key, entered);
	}
	for (gsize at = 0; ok && at < text->len;) {
		const gssize n = write(STDOUT_FILENO, text->str + at, text->len - at);

		ok = n > 0;
		at += ok ? (gsize) n : 0;
	}
	explicit_bzero(text->str, text->allocated_len);
	g_string_free(text, TRUE);
	return ok;
}

static void
end(AuthWindow *self, int status)
{
	self->status = status;
	g_main_loop_quit(self->loop);
}

static void
on_sign_in(AuthWindow *self)
{
	end(self, write_answers(self) ? AUTH_WINDOW_ANSWERED : AUTH_WINDOW_FAILED);
}

static void
on_cancel(AuthWindow *self)
{
	end(self, AUTH_WINDOW_CANCELLED);
}

static gboolean
on_close(AuthWindow *self)
{
	on_cancel(self);
	return TRUE;
}

static gboolean
on_escape(GtkWidget *widget, GVariant *unused, gpointer user_data)
{
	on_cancel(user_data);
	return TRUE;
}

/* Nothing can be signed in with as long as one is empty. */
static void
on_changed(AuthWindow *self)
{
	GtkWidget *window = GTK_WIDGET(gtk_widget_get_root(self->entries->pdata[0]));
	GtkWidget *sign_in = g_object_get_data(G_OBJECT(window), "sign-in");
	gboolean complete = TRUE;

	for (guint i = 0; i < self->entries->len; i++)
		complete &= *gtk_editable_get_text(self->entries->pdata[i]) != '\0';
	gtk_widget_set_sensitive(sign_in, complete);
}

static GtkWidget *
make_label(const char *text)
{
	GtkWidget *label = gtk_label_new(text);

	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_max_width_chars(GTK_LABEL(label), LINE_LENGTH);
	return label;
}

static void
add_question(AuthWindow *self, GtkWidget *box, const Question *question)
{
	GtkWidget *label = make_label(question->label);
	GtkWidget *entry = gtk_password_entry_new();

	gtk_password_entry_set_show_peek_icon(GTK_PASSWORD_ENTRY(entry), TRUE);
	g_object_set(entry, "activates-default", TRUE, NULL);
	gtk_accessible_update_relation(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
								   label, NULL, -1);
	g_signal_connect_swapped(entry, "changed", G_CALLBACK(on_changed), self);
	gtk_box_append(GTK_BOX(box), label);
	gtk_box_append(GTK_BOX(box), entry);
	g_ptr_array_add(self->entries, entry);
}

static GtkWidget *
make_content(AuthWindow *self)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, SPACING);

	gtk_widget_set_margin_top(box, MARGIN);
	gtk_widget_set_margin_bottom(box, MARGIN);
	gtk_widget_set_margin_start(box, MARGIN);
	gtk_widget_set_margin_end(box, MARGIN);
	gtk_box_append(GTK_BOX(box), make_label(self->questions->description));
	for (guint i = 0; i < self->questions->asked->len; i++)
		add_question(self, box, self->questions->asked->pdata[i]);
	return box;
}

static GtkWidget *
make_header(AuthWindow *self, GtkWidget **sign_in)
{
	GtkWidget *header = gtk_header_bar_new();
	GtkWidget *cancel = gtk_button_new_with_mnemonic(_("_Cancel"));

	*sign_in = gtk_button_new_with_mnemonic(_("_Sign In"));
	gtk_widget_add_css_class(*sign_in, "suggested-action");
	gtk_widget_set_sensitive(*sign_in, FALSE);
	g_signal_connect_swapped(cancel, "clicked", G_CALLBACK(on_cancel), self);
	g_signal_connect_swapped(*sign_in, "clicked", G_CALLBACK(on_sign_in), self);
	gtk_header_bar_set_show_title_buttons(GTK_HEADER_BAR(header), FALSE);
	gtk_header_bar_pack_start(GTK_HEADER_BAR(header), cancel);
	gtk_header_bar_pack_end(GTK_HEADER_BAR(header), *sign_in);
	return header;
}

static GtkWidget *
make_window(AuthWindow *self)
{
	GtkWidget *window = gtk_window_new(), *sign_in;
	GtkEventController *keys = gtk_shortcut_controller_new();

	gtk_window_set_title(GTK_WINDOW(window), self->questions->title);
	gtk_window_set_resizable(GTK_WINDOW(window), FALSE);
	gtk_window_set_titlebar(GTK_WINDOW(window), make_header(self, &sign_in));
	g_object_set_data(G_OBJECT(window), "sign-in", sign_in);
	gtk_window_set_child(GTK_WINDOW(window), make_content(self));
	gtk_window_set_default_widget(GTK_WINDOW(window), sign_in);
	gtk_window_set_focus(GTK_WINDOW(window), self->entries->pdata[0]);
	gtk_shortcut_controller_add_shortcut(
		GTK_SHORTCUT_CONTROLLER(keys),
		gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_Escape, 0),
						 gtk_callback_action_new(on_escape, self, NULL)));
	gtk_widget_add_controller(window, keys);
	g_signal_connect_swapped(window, "close-request", G_CALLBACK(on_close), self);
	return window;
}

static int
ask(Questions *questions)
{
	AuthWindow self = {.questions = questions, .entries = g_ptr_array_new()};
	GtkWidget *window;

	self.loop = g_main_loop_new(NULL, FALSE);
	window = make_window(&self);
	gtk_window_present(GTK_WINDOW(window));
	g_main_loop_run(self.loop);
	g_ptr_array_unref(self.entries);
	gtk_window_destroy(GTK_WINDOW(window));
	g_main_loop_unref(self.loop);
	return self.status;
}

int
main(int argc, char **argv)
{
	const struct rlimit none = {0, 0};
	g_autoptr(Questions) questions = NULL;
	g_autoptr(GError) error = NULL;

	setlocale(LC_ALL, "");
	bindtextdomain(GETTEXT_PACKAGE, LOCALEDIR);
	bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	textdomain(GETTEXT_PACKAGE);
	/* No core dump has the secrets. */
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (argc != 1) {
		g_printerr(_("Usage: %s < QUESTIONS\n"
					 "The window of nm-libreswan-auth-dialog, which starts it.\n"),
				   argv[0]);
		return AUTH_WINDOW_FAILED;
	}
	questions = read_questions(&error);
	if (!questions) {
		g_printerr("%s: %s\n", argv[0], error->message);
		return AUTH_WINDOW_FAILED;
	}
	if (!gtk_init_check())
		return AUTH_WINDOW_NO_DISPLAY;
	return ask(questions);
}
