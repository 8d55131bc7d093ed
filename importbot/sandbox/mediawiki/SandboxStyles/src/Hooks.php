<?php
namespace SandboxStyles;

use MediaWiki\MediaWikiServices;
use MediaWiki\Revision\SlotRecord;

class Hooks {
	public static function onParserFirstCallInit( $parser ) {
		$parser->setHook( 'templatestyles', [ self::class, 'render' ] );
	}

	/** Style sheets are the pages of the template namespace that end in .css. */
	public static function onContentHandlerDefaultModelFor( $title, &$model ) {
		if ( $title->getNamespace() === NS_TEMPLATE
			&& str_ends_with( $title->getText(), '.css' )
		) {
			$model = 'sanitized-css';
			return false;
		}
		return true;
	}

	/** Show the style sheet and record it as a transclusion, as TemplateStyles does. */
	public static function render( $text, array $args, $parser ) {
		$services = MediaWikiServices::getInstance();
		$title = $services->getTitleFactory()->newFromText( $args['src'] ?? '', NS_TEMPLATE );
		if ( !$title ) {
			return '<strong class="error">templatestyles: invalid src</strong>';
		}
		$revision = $parser->fetchCurrentRevisionRecordOfTitle( $title );
		$parser->getOutput()->addTemplate(
			$title, $title->getArticleID(), $revision ? $revision->getId() : null );
		if ( !$revision ) {
			return '<strong class="error">templatestyles: no page '
				. htmlspecialchars( $title->getPrefixedText() ) . '</strong>';
		}
		$css = $revision->getContent( SlotRecord::MAIN )->getText();
		return '<style>' . str_replace( '</', '<\\/', $css ) . '</style>';
	}
}
