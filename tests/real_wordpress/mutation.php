<?php
/*
 * Must-use plugin: a portal whose theme is changed over night. `mutation.json` in WordPress' folder tells how:
 * {"theme": "twentytwentytwo", "until": "2025-12-20", "mutation": "captions", "rest": false}. `theme` is the one that is
 * on, `until` hides what was published since, so that it is new once it is told no more; `mutation` changes what is
 * printed, and `rest` and `sitemap` turn those off.
 */

$naraya = is_readable( ABSPATH . 'mutation.json' ) ? json_decode( file_get_contents( ABSPATH . 'mutation.json' ), true ) : null;
if ( ! $naraya ) {
	return;
}
$naraya_kind = (string) ( $naraya['mutation'] ?? '' );

foreach ( array( 'template', 'stylesheet' ) as $naraya_option ) {
	add_filter( "pre_option_$naraya_option", fn() => $naraya['theme'] );
}
if ( ! empty( $naraya['until'] ) ) {
	add_filter(
		'posts_where',
		function ( $where ) use ( $naraya ) {
			global $wpdb;
			return $where . $wpdb->prepare( " AND ( $wpdb->posts.post_type <> 'post' OR $wpdb->posts.post_date < %s )", $naraya['until'] );
		}
	);
}
if ( false === ( $naraya['rest'] ?? true ) ) {
	add_filter( 'rest_authentication_errors', fn() => new WP_Error( 'rest_forbidden', 'Tidak tersedia.', array( 'status' => 403 ) ) );
}
if ( false === ( $naraya['sitemap'] ?? true ) ) {
	add_filter( 'wp_sitemaps_enabled', '__return_false' );
}
if ( 'permalinks' === $naraya_kind ) {
	add_filter( 'pre_option_permalink_structure', fn() => '/berita/%postname%/' );
	add_filter( 'pre_option_rewrite_rules', fn() => '' );
	add_filter( 'pre_update_option_rewrite_rules', fn( $now, $before ) => $before, 10, 2 );
}
if ( 'language' === $naraya_kind ) {
	add_filter( 'locale', fn() => 'en_US', PHP_INT_MAX );
	add_filter( 'language_attributes', fn() => 'lang="en-US"', PHP_INT_MAX );
}

// What the article's own text becomes.
add_filter(
	'the_content',
	function ( $text ) use ( $naraya_kind ) {
		if ( ! is_single() || get_the_ID() !== get_queried_object_id() || doing_action( 'wp_head' ) || doing_filter( 'get_the_excerpt' ) ) {
			return $text;
		}
		$parts = preg_split( '#(?<=</p>)#', $text );
		$count = count( $parts );
		switch ( $naraya_kind ) {
			case 'script':
				return '<div id="isi-berita"></div><script>muatBerita("isi-berita")</script>';
			case 'half':
				return implode( '', array_slice( $parts, 0, max( 1, intdiv( $count, 2 ) ) ) );
			case 'paywall':
				return $parts[0] . '<p>Lanjutan berita ini khusus bagi pelanggan kami. Masuk atau berlangganan untuk membaca seluruh isi.</p>';
			case 'related':
				$box = '<div><p><b>Jangan lewatkan kabar pilihan lain dari redaksi kami hari ini</b></p><p><a href="/?p=1">Warga Muara Ramai-Ramai Menanam Bakau di Tepi Dermaga Lama</a></p><p>Puluhan warga turun ke tepi dermaga sejak pagi dan menanam bibit bakau.</p></div>';
				return implode( '', array_slice( $parts, 0, 1 ) ) . $box . implode( '', array_slice( $parts, 1 ) );
			case 'advertorial':
				$line = '<p>Belanja hemat akhir tahun hanya di Toko Muara, gratis ongkos kirim ke seluruh kota.</p>';
				return implode( '', array_slice( $parts, 0, 1 ) ) . $line . implode( '', array_slice( $parts, 1 ) );
			case 'breaks':
				return '<div>' . preg_replace( array( '#<p[^>]*>#', '#</p>#' ), array( '', '<br><br>' ), $text ) . '</div>';
			case 'second-container':
				return $parts[0] . '</div><div class="sela"><span>Iklan</span></div><div class="lanjutan">' . implode( '', array_slice( $parts, 1 ) );
			case 'teaser-container':
				return $parts[0] . '</div><div class="entry-content wp-block-post-content">' . $text;
		}
		return $text;
	},
	PHP_INT_MAX
);

function naraya_mutated( $page, $kind, $is_article ) {
	$all = fn( $pattern, $to ) => preg_replace( $pattern, $to, $page ) ?? $page;
	switch ( $kind ) {
		case 'container':
			return str_replace( array( 'entry-content', 'wp-block-post-content', 'wp-block-post-excerpt' ), array( 'isi-tulisan', 'isi-blok', 'kutipan-blok' ), $page );
		case 'article':
			return $all( '#<(/?)(?:article|main)\b#', '<$1div' );
		case 'dates':
			$page = $all( array( '#<time\b.*?</time>#s', '#<meta[^>]*(?:published|modified)_time[^>]*>#', '#"date(?:Published|Modified|Created)"\s*:\s*"[^"]*"\s*,?#' ), '' );
			return $page;
		case 'jsonld-broken':
			return $all( '#(<script type="application/ld\+json"[^>]*>.{40}).*?(</script>)#s', '$1$2' );
		case 'jsonld':
			return $all( '#<script type="application/ld\+json".*?</script>#s', '' );
		case 'opengraph':
			return $all( '#<meta[^>]*(?:property|name)=["\'](?:og|article|twitter):[^>]*>#', '' );
		case 'metadata':
			return $all( array( '#<script type="application/ld\+json".*?</script>#s', '#<meta[^>]*(?:property|name)=["\'](?:og|article|twitter|author|description)\b[^>]*>#' ), '' );
		case 'cards':
			return $is_article ? $page : str_replace( array( 'entry-title', 'wp-block-post-title', ' hentry', 'wp-block-post ' ), array( 'judul-kartu', 'judul-kartu', ' kartu', 'kartu-blok ' ), $page );
		case 'links':
			return $is_article ? $page : preg_replace_callback( '#<main.*</main>#s', fn( $main ) => str_replace( '<a href=', '<a data-tujuan=', preg_replace( '#<a ([^>]*)href=#', '<a $1data-tujuan=', $main[0] ) ), $page );
		case 'captions':
			return $all( '#<figcaption.*?</figcaption>#s', '' );
		case 'bylines':
			$page = $all( array( '#<span class="byline">.*?</span>(?:</span>)?#s', '#<(div|p)[^>]*wp-block-post-author[^>]*>.*?</\1>(?:</div>)*#s', '#<a[^>]*rel="author"[^>]*>.*?</a>#s', '#"author"\s*:\s*(?:\{[^{}]*\}|\[[^\[\]]*\])\s*,?#', '#<meta name="author"[^>]*>#', '#<meta[^>]*article:author[^>]*>#', '#<meta name="twitter:(?:label1|data1)"[^>]*>#' ), '' );
			return $page;
		case 'h1':
			return $all( '#<(/?)h1\b#', '<$1div' );
		case 'comments-first':
			$voices = '<section class="tanggapan"><h2>Tanggapan pembaca</h2><p>Saya setuju sekali, semoga segera ditindaklanjuti oleh dinas terkait di kota kami.</p><p>Terima kasih kabarnya, redaksi. Ditunggu kelanjutan beritanya pekan depan.</p></section>';
			return $is_article ? preg_replace( '#(<div[^>]*class="[^"]*entry-content)#', $voices . '$1', $page, 1 ) : $page;
		case 'lazy':
			return $all( '#<img([^>]*?) src=("[^"]*")([^>]*?)(?: srcset="[^"]*")?#', '<img$1 src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-muat=$2$3' );
		case 'classes':
			return preg_replace_callback( '#(<body.*</body>)#s', fn( $body ) => preg_replace( '# (?:class|id)="[^"]*"#', '', $body[0] ), $page );
		case 'hashed':
			return preg_replace_callback( '#(<main.*</main>)#s', fn( $main ) => preg_replace_callback( '# class="([^"]*)"#', fn( $own ) => ' class="c' . substr( md5( $own[1] ), 0, 8 ) . '"', $main[0] ), $page );
		case 'wrapper':
			return $all( '#(<main\b[^>]*>)(.*)(</main>)#s', '$1<div class="kolom"><div class="kolom-isi">$2</div></div>$3' );
		case 'section':
			$page = $all( array( '#<meta[^>]*article:section[^>]*>#', '#"articleSection"\s*:\s*(?:"[^"]*"|\[[^\]]*\])\s*,?#', '#<span class="cat-links">.*?</span>#s', '#<div[^>]*taxonomy-category[^>]*>.*?</div>#s', '#<nav class="naraya-breadcrumbs".*?</nav>#s', '#"@type":\s*"BreadcrumbList"#' ), '' );
			return $page;
	}
	return $page;
}

add_action(
	'template_redirect',
	function () use ( $naraya_kind, $naraya ) {
		if ( is_feed() || is_robots() || get_query_var( 'sitemap' ) ) {
			return;
		}
		if ( 0 === strpos( $naraya_kind, 'challenge' ) ) {
			status_header( 'challenge-403' === $naraya_kind ? 403 : 200 );
			echo '<!DOCTYPE html><html lang="en"><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1><p>Please enable JavaScript and cookies to continue.</p><script src="/cdn-cgi/challenge.js"></script></body></html>';
			exit;
		}
		$is_article = is_single();
		ob_start(
			function ( $page ) use ( $naraya_kind, $naraya, $is_article ) {
				$page = naraya_mutated( $page, $naraya_kind, $is_article );
				// A redesign of articles' pages is seldom one of these alone.
				return empty( $naraya['cards'] ) || $is_article ? $page : naraya_mutated( $page, 'cards', false );
			}
		);
	},
	0
);
