/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-multipart.h"

#include <libsoup/soup.h>
#include <string.h>

#include "dyno-error.h"

#define MAX_PARTS    16
#define MAX_HEAD     (4 * 1024)
#define MAX_FIELD    1024
#define MAX_BOUNDARY 70
#define FILE_NAME    "file"

/* What comes is put behind what is left over, and as much as is certain is taken from the
 * front: a boundary may be cut anywhere, so its length always stays. */

typedef enum
{
  STATE_PREAMBLE, /* before the first boundary */
  STATE_AFTER,    /* behind a boundary: CRLF, or -- at the end */
  STATE_HEAD,
  STATE_FIELD,
  STATE_FILE,
  STATE_END,
} State;

struct _DynoMultipart
{
  State              state;
  char              *boundary;  /* (owned) CRLF, --, and the word */
  gsize              length;    /* of it */
  GByteArray        *rest;      /* (owned) not taken yet */
  DynoMultipartSink  sink;
  gpointer           data;      /* (borrowed) */
  GHashTable        *fields;    /* (owned) */
  char              *name;      /* (owned) (nullable) of the field in hand */
  GString           *value;     /* (owned) of the field in hand */
  char              *file_name; /* (owned) (nullable) */
  guint              n_parts;
  gboolean           has_file;
};

static gboolean
refuse (GError     **error,
        const char  *sentence)
{
  dyno_error_set (error, DYNO_ERROR_INVALID, "BAD_REQUEST", "%s", sentence);

  return FALSE;
}

static gboolean
refuse_size (GError     **error,
             const char  *sentence)
{
  dyno_error_set (error, DYNO_ERROR_TOO_LARGE, NULL, "%s", sentence);

  return FALSE;
}

/* RFC 2046, 5.1.1: bchars, the last no blank. */
static gboolean
is_boundary (const char *text)
{
  static const char chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                              "'()+_,-./:=? ";
  gsize length = text != NULL ? strlen (text) : 0;

  return length >= 1 && length <= MAX_BOUNDARY && strspn (text, chars) == length
         && text[length - 1] != ' ';
}

static char *
find_boundary (const char *type)
{
  const char *semicolon = strchr (type, ';');
  GHashTable *params = semicolon != NULL ? soup_header_parse_semi_param_list_strict (semicolon + 1)
                                         : NULL;
  const char *boundary = params != NULL ? g_hash_table_lookup (params, "boundary") : NULL;
  char *found = is_boundary (boundary) ? g_strdup (boundary) : NULL;

  if (params != NULL)
    soup_header_free_param_list (params);

  return found;
}

DynoMultipart *
dyno_multipart_new (const char         *type,
                    DynoMultipartSink   sink,
                    gpointer            data,
                    GError            **error)
{
  g_autofree char *boundary = find_boundary (type);
  DynoMultipart *self;

  if (boundary == NULL)
    {
      refuse (error, "The Content-Type must name a boundary of 1 to 70 characters.");
      return NULL;
    }

  self = g_new0 (DynoMultipart, 1);
  self->boundary = g_strconcat ("\r\n--", boundary, NULL);
  self->length = strlen (self->boundary);
  self->rest = g_byte_array_new ();
  /* The first boundary may stand at the very beginning: as if a line had ended there. */
  g_byte_array_append (self->rest, (const guint8 *) "\r\n", 2);
  self->value = g_string_new (NULL);
  self->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->sink = sink;
  self->data = data;

  return self;
}

void
dyno_multipart_free (DynoMultipart *self)
{
  g_clear_pointer (&self->boundary, g_free);
  g_clear_pointer (&self->rest, g_byte_array_unref);
  g_clear_pointer (&self->fields, g_hash_table_unref);
  g_clear_pointer (&self->name, g_free);
  g_string_free (self->value, TRUE);
  g_clear_pointer (&self->file_name, g_free);
  g_free (self);
}

static const guint8 *
find (const DynoMultipart *self,
      const char          *what,
      gsize                length)
{
  return memmem (self->rest->data, self->rest->len, what, length);
}

static void
drop (DynoMultipart *self,
      gsize          n)
{
  g_byte_array_remove_range (self->rest, 0, (guint) n);
}

/* form-data; name="file"; filename="pull.csv" */
static gboolean
take_disposition (DynoMultipart  *self,
                  const char     *value,
                  GError        **error)
{
  g_autofree char *kind = NULL;
  GHashTable *params = NULL;
  const char *name;

  params = soup_header_parse_semi_param_list_strict (value);
  if (params == NULL)
    return refuse (error, "A part has no name.");

  name = g_hash_table_lookup (params, "name");
  kind = g_strndup (value, strcspn (value, "; \t"));
  if (g_ascii_strcasecmp (kind, "form-data") == 0 && name != NULL
      && g_utf8_validate (name, -1, NULL))
    {
      self->name = g_strdup (name);
      if (g_str_equal (name, FILE_NAME) && !self->has_file)
        self->file_name = g_strdup (g_hash_table_lookup (params, "filename"));
    }
  soup_header_free_param_list (params);

  return self->name != NULL || refuse (error, "A part has no name.");
}

static gboolean
take_head (DynoMultipart  *self,
           const char     *head,
           GError        **error)
{
  g_autoptr(SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  const char *disposition, *type;

  g_clear_pointer (&self->name, g_free);
  if (!soup_headers_parse (head, (int) strlen (head), headers))
    return refuse (error, "The head of a part is not well formed.");
  disposition = soup_message_headers_get_one (headers, "Content-Disposition");
  type = soup_message_headers_get_one (headers, "Content-Type");
  if (disposition == NULL)
    return refuse (error, "A part has no name.");
  if (type != NULL && g_ascii_strncasecmp (type, "multipart/", 10) == 0)
    return refuse (error, "A part may not have parts.");

  return take_disposition (self, disposition, error);
}

static gboolean
begin_part (DynoMultipart  *self,
            GError        **error)
{
  gboolean is_file = g_str_equal (self->name, FILE_NAME);

  if (++self->n_parts > MAX_PARTS)
    return refuse_size (error, "A form of at most 16 parts is taken.");
  if (is_file ? self->has_file : g_hash_table_contains (self->fields, self->name))
    return refuse (error, "A field is there twice.");

  g_string_truncate (self->value, 0);
  self->has_file |= is_file;
  self->state = is_file ? STATE_FILE : STATE_FIELD;

  return TRUE;
}

static gboolean
end_part (DynoMultipart  *self,
          GError        **error)
{
  if (self->state != STATE_FIELD)
    return TRUE;
  if (strlen (self->value->str) != self->value->len
      || !g_utf8_validate (self->value->str, -1, NULL))
    return refuse (error, "A field is no text in UTF-8.");

  g_hash_table_insert (self->fields, g_steal_pointer (&self->name), g_strdup (self->value->str));

  return TRUE;
}

static gboolean
take_content (DynoMultipart  *self,
              gsize           n,
              GError        **error)
{
  gboolean is_taken = TRUE;

  if (self->state == STATE_FILE && n > 0)
    is_taken = self->sink (self->rest->data, n, self->data, error);
  else if (self->state == STATE_FIELD && self->value->len + n > MAX_FIELD)
    is_taken = refuse_size (error, "A field of at most 1 KiB is taken.");
  else if (self->state == STATE_FIELD)
    g_string_append_len (self->value, (const char *) self->rest->data, (gssize) n);
  if (is_taken)
    drop (self, n);

  return is_taken;
}

/* Each of these takes what it can. `goes_on` is FALSE where more must come first. */

static gboolean
read_content (DynoMultipart  *self,
              gboolean       *goes_on,
              GError        **error)
{
  const guint8 *end = find (self, self->boundary, self->length);
  gsize n = end != NULL ? (gsize) (end - self->rest->data)
                        : self->rest->len - MIN (self->rest->len, self->length - 1);

  *goes_on = end != NULL;
  if (!take_content (self, n, error))
    return FALSE;
  if (end == NULL)
    return TRUE;

  drop (self, self->length);
  if (!end_part (self, error))
    return FALSE;
  self->state = STATE_AFTER;

  return TRUE;
}

static gboolean
read_after (DynoMultipart  *self,
            gboolean       *goes_on,
            GError        **error)
{
  *goes_on = self->rest->len >= 2;
  if (!*goes_on)
    return TRUE;

  if (memcmp (self->rest->data, "--", 2) == 0)
    self->state = STATE_END;
  else if (memcmp (self->rest->data, "\r\n", 2) == 0)
    self->state = STATE_HEAD;
  else
    return refuse (error, "What stands behind a boundary is not well formed.");

  /* The CRLF begins the head, so that a head without lines ends like any other. */
  if (self->state == STATE_END)
    drop (self, 2);

  return TRUE;
}

static gboolean
read_head (DynoMultipart  *self,
           gboolean       *goes_on,
           GError        **error)
{
  const guint8 *end = find (self, "\r\n\r\n", 4);
  gsize n = end != NULL ? (gsize) (end - self->rest->data) : self->rest->len;
  g_autofree char *head = NULL;

  *goes_on = end != NULL;
  if (n > MAX_HEAD)
    return refuse_size (error, "The head of a part is longer than 4 KiB.");
  if (end == NULL)
    return TRUE;

  if (memchr (self->rest->data, 0, n) != NULL)
    return refuse (error, "The head of a part is not well formed.");
  /* soup_headers_parse () begins behind the first line, which is the boundary's. */
  head = g_strndup ((const char *) self->rest->data, n + 2);
  drop (self, n + 4);

  return take_head (self, head, error) && begin_part (self, error);
}

static gboolean
step (DynoMultipart  *self,
      gboolean       *goes_on,
      GError        **error)
{
  switch (self->state)
    {
    case STATE_PREAMBLE:
    case STATE_FIELD:
    case STATE_FILE:
      return read_content (self, goes_on, error);
    case STATE_AFTER:
      return read_after (self, goes_on, error);
    case STATE_HEAD:
      return read_head (self, goes_on, error);
    case STATE_END:
    default:
      /* An epilogue says nothing (RFC 2046). */
      drop (self, self->rest->len);
      *goes_on = FALSE;
      return TRUE;
    }
}

gboolean
dyno_multipart_feed (DynoMultipart  *self,
                     const guint8   *bytes,
                     gsize           size,
                     GError        **error)
{
  gboolean goes_on = TRUE;

  g_byte_array_append (self->rest, bytes, (guint) size);
  while (goes_on)
    {
      if (!step (self, &goes_on, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
dyno_multipart_close (DynoMultipart  *self,
                      GError        **error)
{
  if (self->state != STATE_END)
    return refuse (error, "The form breaks off.");
  if (!self->has_file)
    return refuse (error, "The form has no part “file”.");

  return TRUE;
}

GHashTable *
dyno_multipart_get_fields (DynoMultipart *self)
{
  return self->fields;
}

const char *
dyno_multipart_get_file_name (DynoMultipart *self)
{
  return self->file_name;
}
