/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-model.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "one-line.h"
#include "secret.h"

#define SERVICE_TYPE "org.freedesktop.NetworkManager.libreswan"

/* A value in a sentence is cut to this many characters. */
#define VALUE_MAX 40

/* A default that is longer is not shown in the narrow window that there is. */
#define DEFAULT_MAX 44

/* Stands in for a gateway that nobody has entered yet, so that the rest can be described; a name
 * that is nobody's (RFC 6761). */
#define SOME_GATEWAY "gateway.invalid"

typedef struct {
	GHashTable *data;    /* key -> value, of those that are set */
	GHashTable *secrets; /* likewise; wiped when freed */
} Keys;

struct _EditorModel {
	Keys loaded;             /* as the profile was opened */
	Keys now;                /* as it is to be */
	GHashTable *touched;     /* keys of data and secrets that have been set or removed here */
	Keys methods[SIGN_IN_N]; /* what a method had when another was chosen; NULL for none */
	SignIn asked;  /* how one signed in when it was opened, or what somebody chose since */
	SignIn method; /* what became of that with the IKE version that was chosen since */
	gboolean persistent;
	gboolean is_private; /* new, or one user's: its secrets belong to that user */
};

static void
wipe(gpointer secret)
{
	explicit_bzero(secret, strlen(secret));
	g_free(secret);
}

static Keys
keys_new(void)
{
	return (Keys){
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, wipe),
	};
}

static void
keys_clear(Keys *keys)
{
	g_clear_pointer(&keys->data, g_hash_table_unref);
	g_clear_pointer(&keys->secrets, g_hash_table_unref);
}

/* A row of the table takes a value, or goes. */
static void
put(GHashTable *table, const char *key, const char *value)
{
	if (value && *value)
		g_hash_table_replace(table, g_strdup(key), g_strdup(value));
	else
		g_hash_table_remove(table, key);
}

static void
copy_table(GHashTable *from, GHashTable *to)
{
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, from);
	while (g_hash_table_iter_next(&iter, &key, &value))
		put(to, key, value);
}

/* A key of data is set, or removed: from now on it is ours to say what the connection has. */
static void
touch(EditorModel *model, const char *key, const char *value)
{
	put(model->now.data, key, value);
	g_hash_table_add(model->touched, g_strdup(key));
}

static void
touch_secret(EditorModel *model, const char *key, const char *value)
{
	put(model->now.secrets, key, value);
	g_hash_table_add(model->touched, g_strdup(key));
}

static gboolean
is_secret(const char *key)
{
	const Option *option = option_find(key);

	return option && option->flags & OPTION_SECRET_KEY;
}

static char *
flags_key(const char *secret)
{
	return g_strconcat(secret, "-flags", NULL);
}

/*****************************************************************************/
/* The keys that a field has. */

/* (element-type utf8): a field's key, its older spellings, the list. */
static GPtrArray *
keys_of(const EditorField *field)
{
	GPtrArray *keys = g_ptr_array_new();
	guint n;
	const Option *options = option_all(&n);

	g_ptr_array_add(keys, (gpointer) field->key);
	for (guint i = 0; i < n; i++) {
		if (g_strcmp0(options[i].same_as, field->key) == 0)
			g_ptr_array_add(keys, (gpointer) options[i].key);
	}
	if (field->list)
		g_ptr_array_add(keys, (gpointer) field->list);
	return keys;
}

/* The key under which a table has the field; of two spellings the newer counts. */
static const char *
spelling_in(GHashTable *data, const EditorField *field)
{
	g_autoptr(GPtrArray) keys = keys_of(field);

	for (guint i = 0; i < keys->len; i++) {
		if (g_hash_table_contains(data, g_ptr_array_index(keys, i)))
			return g_ptr_array_index(keys, i);
	}
	return field->key;
}

static char *
get_from(GHashTable *data, const EditorField *field)
{
	const char *one = g_hash_table_lookup(data, spelling_in(data, field));
	const char *many = field->list ? g_hash_table_lookup(data, field->list) : NULL;

	/* To libreswan a subnet beside a list of subnets is one more of the list. */
	if (one && many && one != many)
		return g_strconcat(one, ",", many, NULL);
	return g_strdup(one ?: many);
}

char *
editor_model_get(const EditorModel *model, const char *key)
{
	const EditorField *field = editor_field_find(key);

	g_return_val_if_fail(field && !is_secret(key), NULL);
	/* How a secret is kept has a value of its own beside the field's. */
	if (field->kind == EDITOR_SECRET)
		return g_strdup(g_hash_table_lookup(model->now.data, key));
	return get_from(model->now.data, field);
}

/* The row whose rules a value of the field is under. */
static const Option *
rules_of(const EditorField *field)
{
	return option_find(field->list ?: field->key);
}

char *
editor_model_get_normal(const EditorModel *model, const char *key)
{
	const EditorField *field = editor_field_find(key);
	g_autofree char *value = editor_model_get(model, key);

	return value ? option_normalize(rules_of(field), value, NULL) : NULL;
}

static gboolean
is_set_in(GHashTable *data, const EditorField *field)
{
	return g_hash_table_contains(data, spelling_in(data, field));
}

/* Where a new value is to stand. */
static const char *
key_for(const EditorModel *model, const EditorField *field, const char *value)
{
	const char *loaded;

	/* An entry is empty for a moment while somebody writes something else into it. */
	if (!field->list)
		return spelling_in(is_set_in(model->now.data, field) ? model->now.data : model->loaded.data,
						   field);
	if (!strpbrk(value, ", \t"))
		return field->key;
	/* Several subnets in one tunnel (IKEv2) are other than a tunnel for each. */
	loaded = g_hash_table_lookup(model->loaded.data, field->key);
	return loaded && strchr(loaded, ',') ? field->key : field->list;
}

static gboolean
is_on_ikev2(const EditorModel *model)
{
	g_autoptr(Profile) profile = editor_model_make_profile(model, NULL, NULL);

	return profile && profile_is_ikev2(profile);
}

/* With IKEv2 there is no XAUTH, and with IKEv1 there is unless somebody says so: another version is
 * another way to sign in. It comes back with the version. */
static void
follow_version(EditorModel *model)
{
	gboolean wants_user = sign_in_has_user(model->asked) || model->asked == SIGN_IN_OTHER;
	g_autoptr(Profile) profile = NULL;

	model->method = model->asked;
	if (!wants_user)
		touch(model, "leftxauthclient", g_hash_table_lookup(model->loaded.data, "leftxauthclient"));
	profile = editor_model_make_profile(model, NULL, NULL);
	if (!profile)
		return;
	if (profile_is_ikev2(profile)) {
		if (model->asked == SIGN_IN_GROUP)
			model->method = SIGN_IN_KEY;
		else if (model->asked == SIGN_IN_PASSWORD)
			model->method = SIGN_IN_CERTIFICATE;
	} else if (!wants_user && g_strcmp0(profile_get(profile, "leftxauthclient"), "yes") == 0) {
		touch(model, "leftxauthclient", "no");
	}
}

/* Whether a person sees in @text what a profile has: blanks around it count for nothing. */
static gboolean
is_same(const char *value, const char *text)
{
	g_autofree char *stripped = g_strstrip(g_strdup(value ?: ""));

	return g_str_equal(stripped, text);
}

gboolean
editor_model_set(EditorModel *model, const char *key, const char *value)
{
	const EditorField *field = editor_field_find(key);
	g_autofree char *text = g_strstrip(g_strdup(value ? value : ""));
	g_autofree char *old = NULL, *loaded = NULL;
	g_autoptr(GPtrArray) keys = NULL;
	const char *at;

	g_return_val_if_fail(field && field->kind != EDITOR_SECRET, FALSE);
	old = get_from(model->now.data, field);
	if (is_same(old, text))
		return FALSE;
	loaded = get_from(model->loaded.data, field);

	keys = keys_of(field);
	at = key_for(model, field, text);
	for (guint i = 0; i < keys->len; i++) {
		const char *k = g_ptr_array_index(keys, i);

		if (is_same(loaded, text))
			touch(model, k, g_hash_table_lookup(model->loaded.data, k));
		else
			touch(model, k, g_str_equal(k, at) ? text : NULL);
	}
	if (g_str_equal(field->key, "ikev2"))
		follow_version(model);
	return TRUE;
}

static gboolean
means(const EditorField *field, const char *value, const char *word)
{
	g_autofree char *normal = value ? option_normalize(rules_of(field), value, NULL) : NULL;

	return g_strcmp0(normal ?: value, word) == 0;
}

gboolean
editor_model_choose(EditorModel *model, const EditorField *field, const char *word)
{
	g_autofree char *now = get_from(model->now.data, field);
	g_autofree char *loaded = get_from(model->loaded.data, field);

	if (means(field, now, word))
		return FALSE;
	return editor_model_set(model, field->key, means(field, loaded, word) ? loaded : word);
}

gboolean
editor_model_switch(EditorModel *model, const EditorField *field, gboolean on)
{
	const char *word = on ? "yes" : "no";
	g_autofree char *loaded = get_from(model->loaded.data, field);

	if (editor_model_is_on(model, field) == on)
		return FALSE;
	if (loaded && means(field, loaded, word))
		return editor_model_set(model, field->key, loaded);
	editor_model_set(model, field->key, NULL);
	return editor_model_is_on(model, field) == on || editor_model_set(model, field->key, word);
}

/*****************************************************************************/
/* Secrets. */

const char *
editor_model_get_secret(const EditorModel *model, const char *key)
{
	return g_hash_table_lookup(model->now.secrets, key);
}

static void choose_storage_of(EditorModel *model, const char *key);

/* Whether how one signs in does not say yet that there is one: it depends on what the certificate
 * is in. */
static gboolean
is_known_late(const char *key)
{
	const Secret *secret = secret_find(key);

	return secret->is_optional || secret->is_of_token;
}

gboolean
editor_model_set_secret(EditorModel *model, const char *key, const char *value)
{
	g_return_val_if_fail(is_secret(key), FALSE);
	if (g_strcmp0(editor_model_get_secret(model, key) ?: "", value ?: "") == 0)
		return FALSE;
	/* Only now it is known that there is one. */
	if (value && is_known_late(key))
		choose_storage_of(model, key);
	touch_secret(model, key, value);
	return TRUE;
}

NMSettingSecretFlags
editor_model_get_storage(const EditorModel *model, const char *key)
{
	g_autofree char *flags = flags_key(key);
	const char *value = g_hash_table_lookup(model->now.data, flags);

	return value ? (NMSettingSecretFlags) g_ascii_strtoull(value, NULL, 10)
				 : NM_SETTING_SECRET_FLAG_NONE;
}

/* What NetworkManager-libreswan's editors and KDE's say beside the flags: rewritten where it is. */
static void
follow_storage(EditorModel *model, const char *secret, NMSettingSecretFlags flags)
{
	g_autofree char *at = editor_field_modes_key(secret);

	if (!g_hash_table_contains(model->now.data, at))
		return;
	touch(model, at,
		  flags & NM_SETTING_SECRET_FLAG_NOT_REQUIRED ? "unused"
		  : flags & NM_SETTING_SECRET_FLAG_NOT_SAVED  ? "ask"
													  : "save");
}

gboolean
editor_model_set_storage(EditorModel *model, const char *key, NMSettingSecretFlags flags)
{
	g_autofree char *at = flags_key(key);
	g_autofree char *value = g_strdup_printf("%u", (guint) flags);

	g_return_val_if_fail(is_secret(key), FALSE);
	if (flags == editor_model_get_storage(model, key))
		return FALSE;
	/* A profile without the key has the flags 0. */
	touch(model, at, flags || g_hash_table_contains(model->loaded.data, at) ? value : NULL);
	follow_storage(model, key, flags);
	if (flags & (NM_SETTING_SECRET_FLAG_NOT_REQUIRED | NM_SETTING_SECRET_FLAG_NOT_SAVED))
		editor_model_set_secret(model, key, NULL);
	return TRUE;
}

/* A secret that has nothing yet is kept where it is safest: by the user, where the profile is his.
 */
static void
choose_storage_of(EditorModel *model, const char *key)
{
	g_autofree char *flags = flags_key(key);

	if (model->method == SIGN_IN_OTHER || !model->is_private ||
		g_hash_table_contains(model->now.data, flags) ||
		g_hash_table_contains(model->now.secrets, key))
		return;
	editor_model_set_storage(model, key, NM_SETTING_SECRET_FLAG_AGENT_OWNED);
}

static void
choose_storage(EditorModel *model)
{
	for (const SignInKey *row = sign_in_keys(model->method); row->key; row++) {
		if (is_secret(row->key) && !is_known_late(row->key))
			choose_storage_of(model, row->key);
	}
}

/*****************************************************************************/

gboolean
editor_model_get_persistent(const EditorModel *model)
{
	return model->persistent;
}

gboolean
editor_model_set_persistent(EditorModel *model, gboolean persistent)
{
	gboolean changed = model->persistent != persistent;

	model->persistent = persistent;
	return changed;
}

SignIn
editor_model_get_sign_in(const EditorModel *model)
{
	return model->method;
}

/* A key that belongs to how one signs in is taken from a table as it is there. */
static void
take_back(EditorModel *model, const Keys *keys, const char *key)
{
	if (is_secret(key))
		touch_secret(model, key, g_hash_table_lookup(keys->secrets, key));
	else
		touch(model, key, g_hash_table_lookup(keys->data, key));
}

/* (element-type utf8): the keys that choosing a method sets, and the secrets and their flags. */
static GPtrArray *
keys_of_methods(void)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
	guint n;
	const Option *options = option_all(&n);

	for (const SignInSetting *s = sign_in_settings(SIGN_IN_GROUP); s->key; s++)
		g_ptr_array_add(keys, g_strdup(s->key));
	for (guint i = 0; i < n; i++) {
		if (!is_secret(options[i].key))
			continue;
		g_ptr_array_add(keys, g_strdup(options[i].key));
		g_ptr_array_add(keys, flags_key(options[i].key));
	}
	return keys;
}

static void
remember_method(EditorModel *model)
{
	Keys *had = &model->methods[model->method];

	keys_clear(had);
	*had = keys_new();
	copy_table(model->now.data, had->data);
	copy_table(model->now.secrets, had->secrets);
}

/* A secret that the method does not ask for has no business in the profile. */
static void
drop_secrets(EditorModel *model)
{
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		g_autofree char *flags = NULL;

		if (!is_secret(options[i].key) || sign_in_find_key(model->method, options[i].key))
			continue;
		flags = flags_key(options[i].key);
		touch_secret(model, options[i].key, NULL);
		touch(model, flags, NULL);
	}
}

static gboolean
has_auto_defaults(const EditorModel *model)
{
	g_autofree char *value = editor_model_get_normal(model, "nm-auto-defaults");

	return g_strcmp0(value, "no") != 0;
}

static void
enter_method(EditorModel *model)
{
	for (const SignInSetting *s = sign_in_settings(model->method); s->key; s++) {
		if (g_strcmp0(s->value, SIGN_IN_KEEP) != 0)
			touch(model, s->key, s->value);
	}
	/* libreswan's own default is another. */
	if (sign_in_has_user(model->method) && !has_auto_defaults(model))
		touch(model, "leftxauthclient", "yes");
	drop_secrets(model);
	choose_storage(model);
}

gboolean
editor_model_set_sign_in(EditorModel *model, SignIn method)
{
	g_autoptr(GPtrArray) keys = NULL;
	const Keys *had = &model->methods[method];

	g_return_val_if_fail(method < SIGN_IN_N, FALSE);
	if (method == model->method)
		return FALSE;
	remember_method(model);
	model->method = model->asked = method;
	if (!had->data) {
		enter_method(model);
		return TRUE;
	}
	keys = keys_of_methods();
	for (guint i = 0; i < keys->len; i++)
		take_back(model, had, g_ptr_array_index(keys, i));
	return TRUE;
}

const char *
editor_model_get_label(const EditorModel *model, const char *key)
{
	const EditorField *field = editor_field_find(key);
	const SignInKey *row = sign_in_find_key(model->method, key);

	g_return_val_if_fail(field && field->label, NULL);
	return row && row->label ? _(row->label) : _(field->label);
}

gboolean
editor_model_shows(const EditorModel *model, const EditorField *field)
{
	const Option *option = editor_field_option(field);
	g_autofree char *value = NULL;

	if (field->page == EDITOR_PAGE_KEPT)
		return FALSE;
	if (field->page == EDITOR_PAGE_SIGN_IN)
		return sign_in_find_key(model->method, field->key) != NULL;
	if (option->ike & (is_on_ikev2(model) ? OPTION_IKEV2 : OPTION_IKEV1))
		return TRUE;
	value = editor_model_get(model, field->key);
	return value != NULL;
}

/*****************************************************************************/
/* What is wrong. */

/* (transfer full): a value in a sentence. */
static char *
shorten(const char *value)
{
	return one_line(value, VALUE_MAX);
}

static gboolean
is_set(const EditorModel *model, const char *key)
{
	g_autofree char *value = key ? editor_model_get(model, key) : NULL;

	return value != NULL;
}

char *
editor_model_find_problem(const EditorModel *model, const char *key)
{
	const EditorField *field = editor_field_find(key);
	const SignInKey *row = sign_in_find_key(model->method, key);
	g_autofree char *value = NULL, *shown = NULL, *why = NULL;
	const char *label;

	g_return_val_if_fail(field && field->label, NULL);
	label = editor_model_get_label(model, field->key);
	if (field->kind == EDITOR_SECRET) {
		const char *secret = editor_model_get_secret(model, field->key);

		why = secret ? option_explain(editor_field_option(field), secret) : NULL;
		/* Translators: %s is what an entry is called (Password), then what is allowed in it. */
		return why ? g_strdup_printf(_("%s: this cannot be used; %s."), label, why) : NULL;
	}
	value = editor_model_get(model, field->key);
	if (!value)
		return row && row->missing && !is_set(model, row->unless) ? g_strdup(_(row->missing))
																  : NULL;
	why = option_explain(rules_of(field), value);
	if (!why)
		return NULL;
	shown = shorten(value);
	/* Translators: %s is what an entry is called (Gateway), what is in it, and what is allowed. */
	return g_strdup_printf(_("%s: “%s” cannot be used; %s."), label, shown, why);
}

/* The row that a word of a message means, where the word is a key and no word of the language. */
static const EditorField *
field_of_word(const char *word)
{
	static const char *const plain[] = {
		"left",          "right", "type",       "ike",       "esp",
		"vendor",        "rekey", "aggressive", "narrowing", "fragmentation",
		"encapsulation", "mtu",   "pfs",        "Domain",    "cert",
		"key",           "ca",    NULL};
	const EditorField *field = editor_field_find(word);

	return field && field->label && !g_strv_contains(plain, word) ? field : NULL;
}

char *
editor_model_name_fields(const EditorModel *model, const char *message)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *colon = strstr(message, ": ");
	g_autofree char *first = colon ? g_strndup(message, (gsize) (colon - message)) : NULL;
	const EditorField *about = first ? editor_field_find(first) : NULL;

	if (about && about->label) {
		g_string_append_printf(text, "%s: ", editor_model_get_label(model, about->key));
		message = colon + strlen(": ");
	}
	while (*message) {
		gsize len = strspn(message, "abcdefghijklmnopqrstuvwxyz0123456789-");
		g_autofree char *word = g_strndup(message, len);
		const EditorField *field = field_of_word(word);

		if (field)
			g_string_append_printf(text, "“%s”", editor_model_get_label(model, field->key));
		else
			g_string_append(text, word);
		message += len;
		if (*message)
			g_string_append_c(text, *message++);
	}
	if (!g_str_has_suffix(text->str, "."))
		g_string_append_c(text, '.');
	return g_string_free(g_steal_pointer(&text), FALSE);
}

gboolean
editor_model_check(const EditorModel *model, GError **error)
{
	g_autoptr(GError) together = NULL;
	g_autoptr(Profile) profile = NULL;
	g_autofree char *sentence = NULL;
	guint n;
	const EditorField *fields = editor_field_all(&n);

	for (guint i = 0; i < n; i++) {
		if (!fields[i].label)
			continue;
		sentence = editor_model_find_problem(model, fields[i].key);
		if (!sentence)
			continue;
		g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, sentence);
		return FALSE;
	}
	profile = editor_model_make_profile(model, NULL, &together);
	if (profile)
		return TRUE;
	sentence = editor_model_name_fields(model, together->message);
	g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, sentence);
	return FALSE;
}

/*****************************************************************************/
/* What it comes to. */

Profile *
editor_model_make_profile(const EditorModel *model, const char *without, GError **error)
{
	g_autoptr(GHashTable) data = g_hash_table_new(g_str_hash, g_str_equal);
	const EditorField *left_out = without ? editor_field_find(without) : NULL;
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, model->now.data);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const Option *option = option_find(key);

		if (option && !is_secret(key) && option_validate(option, value, NULL) &&
			!(left_out && editor_field_find(key) == left_out))
			g_hash_table_insert(data, key, value);
	}
	if (!g_hash_table_contains(data, "right"))
		g_hash_table_insert(data, (gpointer) "right", (gpointer) SOME_GATEWAY);
	return profile_new_from_data(NULL, NULL, data, NULL, NULL, error);
}

char *
editor_model_describe_default(const EditorModel *model, const EditorField *field)
{
	const Option *option = editor_field_option(field);
	const SignInKey *row = sign_in_find_key(model->method, field->key);
	g_autoptr(Profile) profile = NULL;
	const char *value = NULL;

	g_return_val_if_fail(!is_secret(field->key), NULL);
	if (option->flags & OPTION_REQUIRED || (row && row->no_default))
		return NULL;
	profile = editor_model_make_profile(model, field->key, NULL);
	if (profile) {
		value = profile_get(profile, field->key);
		if (g_str_equal(field->key, "ipsec-interface"))
			value = profile_wants_interface(profile) ? "yes" : "no";
		if (!value && field->list)
			value = profile_get(profile, field->list);
	}
	if (value)
		return editor_field_describe(field, value);
	if (!has_auto_defaults(model))
		return option->fallback ? g_strdup(_("libreswan’s own default")) : NULL;
	if (field->otherwise)
		return g_strdup(_(field->otherwise));
	/* What is filled in later than the profile is made, by the service or by libreswan. */
	return option->fallback ? editor_field_describe(field, _(option->fallback)) : NULL;
}

char *
editor_model_describe_automatic(const EditorModel *model, const EditorField *field)
{
	g_autofree char *fallback = editor_model_describe_default(model, field);

	if (!fallback)
		return NULL;
	if (g_utf8_strlen(fallback, -1) > DEFAULT_MAX)
		/* Translators: a setting that is not set: something is chosen for it. */
		return g_strdup(_("Automatic"));
	/* Translators: a setting that is not set: %s is what is chosen for it. */
	return g_strdup_printf(_("Automatic (%s)"), fallback);
}

/* What libreswan itself does where nothing is said, which is not what the option table says. */
static gboolean
is_on_in_libreswan(const char *key)
{
	return g_str_equal(key, "pfs") || g_str_equal(key, "rekey") ||
		   g_str_equal(key, "require-id-on-certificate");
}

gboolean
editor_model_is_on(const EditorModel *model, const EditorField *field)
{
	const Option *option = editor_field_option(field);
	g_autofree char *value = editor_model_get_normal(model, field->key);
	g_autoptr(Profile) profile = NULL;
	const char *effective;

	if (value)
		return g_str_equal(value, "yes");
	profile = editor_model_make_profile(model, field->key, NULL);
	effective = profile ? profile_get(profile, field->key) : NULL;
	if (!effective && !has_auto_defaults(model))
		return is_on_in_libreswan(field->key);
	return g_strcmp0(effective ?: option->fallback, "yes") == 0;
}

guint
editor_model_count_kept(const EditorModel *model)
{
	GHashTableIter iter;
	gpointer key;
	guint n = 0;

	g_hash_table_iter_init(&iter, model->now.data);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		const EditorField *field = editor_field_find(key);

		if (!field || field->page == EDITOR_PAGE_KEPT ||
			(field->page == EDITOR_PAGE_SIGN_IN && !sign_in_find_key(model->method, field->key)))
			n++;
	}
	return n;
}

/*****************************************************************************/

static void
apply_key(const EditorModel *model, NMSettingVpn *setting, const char *key)
{
	const char *value;

	if (is_secret(key)) {
		value = g_hash_table_lookup(model->now.secrets, key);
		if (value)
			nm_setting_vpn_add_secret(setting, key, value);
		else
			nm_setting_vpn_remove_secret(setting, key);
		return;
	}
	value = g_hash_table_lookup(model->now.data, key);
	if (value)
		nm_setting_vpn_add_data_item(setting, key, value);
	else
		nm_setting_vpn_remove_data_item(setting, key);
}

void
editor_model_apply(const EditorModel *model, NMConnection *connection)
{
	NMSettingVpn *setting = nm_connection_get_setting_vpn(connection);
	GHashTableIter iter;
	gpointer key;

	if (!setting) {
		setting = NM_SETTING_VPN(nm_setting_vpn_new());
		nm_connection_add_setting(connection, NM_SETTING(setting));
	}
	if (!nm_setting_vpn_get_service_type(setting))
		g_object_set(setting, NM_SETTING_VPN_SERVICE_TYPE, SERVICE_TYPE, NULL);
	if (nm_setting_vpn_get_persistent(setting) != model->persistent)
		g_object_set(setting, NM_SETTING_VPN_PERSISTENT, model->persistent, NULL);
	g_hash_table_iter_init(&iter, model->touched);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		apply_key(model, setting, key);
}

/*****************************************************************************/

static void
load_item(const char *key, const char *value, gpointer table)
{
	if (value && *value)
		put(table, key, value);
}

static void
load(EditorModel *model, NMConnection *connection)
{
	NMSettingVpn *setting = nm_connection_get_setting_vpn(connection);
	NMSettingConnection *about = nm_connection_get_setting_connection(connection);

	if (setting) {
		nm_setting_vpn_foreach_data_item(setting, load_item, model->loaded.data);
		nm_setting_vpn_foreach_secret(setting, load_item, model->loaded.secrets);
		model->persistent = nm_setting_vpn_get_persistent(setting);
	}
	model->is_private = g_hash_table_size(model->loaded.data) == 0 ||
						(about && nm_setting_connection_get_num_permissions(about) > 0);
}

EditorModel *
editor_model_new(NMConnection *connection)
{
	EditorModel *model = g_new0(EditorModel, 1);
	g_autoptr(Profile) profile = NULL;

	model->loaded = keys_new();
	model->now = keys_new();
	model->touched = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	load(model, connection);
	copy_table(model->loaded.data, model->now.data);
	copy_table(model->loaded.secrets, model->now.secrets);

	profile = editor_model_make_profile(model, NULL, NULL);
	model->method = model->asked = profile ? sign_in_find(profile) : SIGN_IN_OTHER;
	if (g_hash_table_size(model->loaded.data) == 0)
		choose_storage(model);
	return model;
}

void
editor_model_free(EditorModel *model)
{
	if (!model)
		return;
	for (guint i = 0; i < SIGN_IN_N; i++)
		keys_clear(&model->methods[i]);
	keys_clear(&model->loaded);
	keys_clear(&model->now);
	g_hash_table_unref(model->touched);
	g_free(model);
}
