<?php
/*
 * Must-use plugin: what breaks on a portal while it answers 200. `fault.json` in WordPress' folder tells what, and on
 * which articles: {"kind": "fatal", "every": 7} is a PHP error after the header on each whose id is a multiple of 7.
 */

add_action(
	'template_redirect',
	function () {
		$file  = ABSPATH . 'fault.json';
		$fault = is_readable( $file ) ? json_decode( file_get_contents( $file ) ) : null;
		if ( ! $fault || ! is_single() || get_queried_object_id() % $fault->every ) {
			return;
		}
		if ( 'fatal' === $fault->kind ) {
			ob_start(
				function ( $page ) {
					$head = strstr( $page, '</header>', true );
					return $head . "</header>\n<br />\n<b>Fatal error</b>:  Uncaught Error: Call to undefined function"
						. " iklan() in single.php:12\nStack trace:\n#0 {main}\n  thrown in <b>single.php</b> on line <b>12</b><br />";
				}
			);
		} elseif ( 'database' === $fault->kind ) {
			wp_die( '<h1>Kesalahan saat menyambung ke basis data</h1>', 'Kesalahan basis data', array( 'response' => 200 ) );
		} elseif ( 'maintenance' === $fault->kind ) {
			wp_die( 'Sedang ada perawatan singkat. Silakan kembali beberapa menit lagi.', 'Perawatan', array( 'response' => 200 ) );
		} elseif ( 'script' === $fault->kind ) {
			add_filter(
				'the_content',
				function ( $text ) {
					$is_own = get_the_ID() === get_queried_object_id();
					return $is_own ? '<div id="isi-berita"></div><script>muatBerita("isi-berita")</script>' : $text;
				},
				PHP_INT_MAX
			);
		}
	}
);
